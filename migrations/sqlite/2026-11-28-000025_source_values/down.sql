-- Takes back: what entries of sources said before they were mapped.
DROP TABLE source_values;
DROP TABLE source_value_lists;
