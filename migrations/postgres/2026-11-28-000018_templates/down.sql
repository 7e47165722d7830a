-- Takes back: templates, and which publications have which.
DROP TABLE publication_templates;
DROP TABLE templates;
