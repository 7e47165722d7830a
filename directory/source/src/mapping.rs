//! Attribute to field.
