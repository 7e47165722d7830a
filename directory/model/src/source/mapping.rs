//! Which attributes give which field, and what is made of their values.

use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

use super::pattern::{MAX_CHARS, compiled, unknown_group};
use crate::country;
use crate::invalid::{Refusals, Rule};

/// The most rules that may give one field.
const MAX_RULES: usize = 20;
/// The most attributes of one rule.
const MAX_ATTRIBUTES: usize = 10;
/// The most transforms of one rule.
const MAX_TRANSFORMS: usize = 10;
/// The most regular expressions of a whole mapping: each is kept ready while a source is read.
const MAX_PATTERNS: usize = 32;
/// The longest name of an attribute, in characters.
const NAME_CHARS: usize = 128;
/// The longest separator, in characters.
const SEPARATOR_CHARS: usize = 16;

/// Which attribute gives which field: the first of a field's rules that gives a value counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// What identifies an entry.
    pub external_id: Vec<String>,
    /// SIP address.
    pub sip: Vec<FieldRule>,
    /// Mail address.
    pub mail: Vec<FieldRule>,
    /// Consumer Skype name.
    pub skype: Vec<FieldRule>,
    /// First name.
    pub first_name: Vec<FieldRule>,
    /// Last name.
    pub last_name: Vec<FieldRule>,
    /// Display name.
    pub display_name: Vec<FieldRule>,
    /// Company.
    pub company: Vec<FieldRule>,
    /// Job title.
    pub job_title: Vec<FieldRule>,
    /// Office.
    pub office: Vec<FieldRule>,
    /// Work telephone.
    pub work_phone: Vec<FieldRule>,
    /// Country.
    pub work_country: Vec<FieldRule>,
    /// State or province.
    pub work_state: Vec<FieldRule>,
    /// Postal code.
    pub work_zip_code: Vec<FieldRule>,
    /// City.
    pub work_city: Vec<FieldRule>,
    /// Street.
    pub work_street: Vec<FieldRule>,
    /// Present with any value: the entry is a service.
    pub service_marker: Vec<String>,
    /// Disabled when bit 2 is set (`userAccountControl`) or the value is `TRUE`.
    pub disabled_marker: Vec<String>,
    /// The SIP address counts unless the first value is `FALSE` (`msRTCSIP-UserEnabled`).
    pub sip_marker: Vec<String>,
    /// A person also lives in the cloud when the value is `TRUE` or a pool there
    /// (`msRTCSIP-DeploymentLocator`); it is heeded when a contact is made.
    pub hybrid_marker: Vec<String>,
    /// Photo, as the bytes of a JPEG or PNG file; not from CSV files.
    pub photo: Vec<String>,
}

/// One way in which a field gets its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum FieldRule {
    /// The first value of the attribute with this name, as it is.
    Attribute(String),
    /// What is made of the values of some attributes.
    Computed(ComputedField),
}

/// What is made of the values of some attributes. The first value of each attribute that has one goes
/// through the transforms in order; of what is left the first counts, so without a `join` the
/// attributes stand in for each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComputedField {
    /// 1 to 10 names of attributes.
    pub attributes: Vec<String>,
    /// At most 10 transforms.
    #[serde(default)]
    pub transforms: Vec<Transform>,
}

/// One step from the values of attributes to the value of a field. A value that becomes empty is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Transform {
    /// White space goes at the ends, and is one space between words.
    Trim,
    /// Small letters.
    LowerCase,
    /// Capitals.
    UpperCase,
    /// Words begin with a capital and go on in small letters.
    TitleCase,
    /// All values become one.
    Join {
        /// What stands between them, at most 16 characters.
        separator: String,
    },
    /// What a regular expression matches is replaced, wherever it matches; a value in which it matches
    /// nowhere is gone. An expression that matches all of the value (`^…$`) takes out a part of it.
    Replace {
        /// A regular expression without look-around and back-references, at most 256 characters.
        pattern: String,
        /// What takes the place of each match, with `$1` or `${name}` for its groups and `$$` for a
        /// dollar sign; at most 256 characters.
        with: String,
    },
    /// A telephone number is written internationally (E.164), its extension as `;ext=`.
    E164 {
        /// The country of numbers that name none, such as `DE`.
        country: String,
        /// What becomes of a value that is no number, an internal one, or one of an emergency service.
        #[serde(default)]
        otherwise: Otherwise,
    },
}

/// What becomes of a value that a transform cannot take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is gone.
    Drop,
}

impl From<&str> for FieldRule {
    fn from(attribute: &str) -> Self {
        Self::Attribute(attribute.to_owned())
    }
}

impl From<ComputedField> for FieldRule {
    fn from(computed: ComputedField) -> Self {
        Self::Computed(computed)
    }
}

impl FieldRule {
    /// The attributes that it names.
    pub fn attributes(&self) -> &[String] {
        match self {
            Self::Attribute(name) => std::slice::from_ref(name),
            Self::Computed(computed) => &computed.attributes,
        }
    }
}

/// By hand, so that what is wrong inside of a rule is said, and not only that it is no rule.
impl<'de> Deserialize<'de> for FieldRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = FieldRule;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of an attribute, or attributes with transforms")
            }

            fn visit_str<E>(self, name: &str) -> Result<FieldRule, E> {
                Ok(name.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldRule, A::Error> {
                ComputedField::deserialize(MapAccessDeserializer::new(map)).map(FieldRule::Computed)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl Mapping {
    /// The rules of every field of text, by the field's name.
    pub fn text_fields(&self) -> [(&'static str, &[FieldRule]); 15] {
        [
            ("sip", &self.sip),
            ("mail", &self.mail),
            ("skype", &self.skype),
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("display_name", &self.display_name),
            ("company", &self.company),
            ("job_title", &self.job_title),
            ("office", &self.office),
            ("work_phone", &self.work_phone),
            ("work_country", &self.work_country),
            ("work_state", &self.work_state),
            ("work_zip_code", &self.work_zip_code),
            ("work_city", &self.work_city),
            ("work_street", &self.work_street),
        ]
    }

    /// The attributes of what is no text, by the field's name.
    fn others(&self) -> [(&'static str, &[String]); 6] {
        [
            ("external_id", &self.external_id),
            ("service_marker", &self.service_marker),
            ("disabled_marker", &self.disabled_marker),
            ("sip_marker", &self.sip_marker),
            ("hybrid_marker", &self.hybrid_marker),
            ("photo", &self.photo),
        ]
    }

    pub(super) fn refuse(&self, refusals: &mut Refusals) {
        for (field, attributes) in self.others() {
            let path = format!("mapping.{field}");
            limit(refusals, &path, attributes.len(), MAX_RULES, "attributes");
            for attribute in attributes.iter().take(MAX_RULES) {
                refusals.required_text(&path, attribute, NAME_CHARS);
            }
        }
        let mut patterns = 0;
        for (field, rules) in self.text_fields() {
            let path = format!("mapping.{field}");
            limit(refusals, &path, rules.len(), MAX_RULES, "rules");
            for (at, rule) in rules.iter().take(MAX_RULES).enumerate() {
                match rule {
                    FieldRule::Attribute(name) => refusals.required_text(&path, name, NAME_CHARS),
                    FieldRule::Computed(rule) => rule.refuse(refusals, &format!("{path}[{at}]"), &mut patterns),
                }
            }
        }
        limit(refusals, "mapping", patterns, MAX_PATTERNS, "regular expressions");
    }
}

impl ComputedField {
    /// Refuses what breaks a rule; `patterns` counts the regular expressions of the whole mapping, of
    /// which no more than may be there are prepared.
    fn refuse(&self, refusals: &mut Refusals, path: &str, patterns: &mut usize) {
        let attributes = format!("{path}.attributes");
        refusals.require(!self.attributes.is_empty(), &attributes, "", Rule::Required);
        limit(refusals, &attributes, self.attributes.len(), MAX_ATTRIBUTES, "attributes");
        for name in self.attributes.iter().take(MAX_ATTRIBUTES) {
            refusals.required_text(&attributes, name, NAME_CHARS);
        }
        let transforms = format!("{path}.transforms");
        limit(refusals, &transforms, self.transforms.len(), MAX_TRANSFORMS, "transforms");
        for (at, transform) in self.transforms.iter().take(MAX_TRANSFORMS).enumerate() {
            let path = format!("{transforms}[{at}]");
            match transform {
                Transform::Trim | Transform::LowerCase | Transform::UpperCase | Transform::TitleCase => {}
                Transform::Join { separator } => {
                    refusals.text(&format!("{path}.separator"), separator, SEPARATOR_CHARS);
                }
                Transform::Replace { pattern, with } => {
                    *patterns += 1;
                    if *patterns <= MAX_PATTERNS {
                        refuse_replace(refusals, &path, pattern, with);
                    }
                }
                Transform::E164 { country, .. } => {
                    refusals.require(country::is_known(country), &format!("{path}.country"), country, country::rule());
                }
            }
        }
    }
}

fn refuse_replace(refusals: &mut Refusals, path: &str, pattern: &str, with: &str) {
    let (pattern_path, with_path) = (format!("{path}.pattern"), format!("{path}.with"));
    refusals.require(!pattern.is_empty(), &pattern_path, "", Rule::Required);
    refusals.text(&pattern_path, pattern, MAX_CHARS);
    refusals.text(&with_path, with, MAX_CHARS);
    if pattern.is_empty() || pattern.chars().count() > MAX_CHARS {
        return;
    }
    let prepared = compiled(pattern);
    let expected = r"a regular expression such as ^(\w+) .*$, not too large, without look-around";
    refusals.require(prepared.is_some(), &pattern_path, pattern, Rule::Format { expected: expected.into() });
    let unknown = prepared.as_ref().and_then(|prepared| unknown_group(prepared, with));
    let expected = "text that names only groups of the expression, such as $1 or ${1}";
    refusals.require(unknown.is_none(), &with_path, with, Rule::Format { expected: expected.into() });
}

fn limit(refusals: &mut Refusals, path: &str, count: usize, max: usize, unit: &'static str) {
    refusals.require(count <= max, path, count, Rule::TooLong { max: max as u64, unit: unit.into() });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping(work_phone: &serde_json::Value) -> Result<Mapping, String> {
        serde_json::from_value(json!({ "work_phone": work_phone })).map_err(|error| error.to_string())
    }

    #[test]
    fn names_and_rules_stand_side_by_side_and_are_written_as_they_were_read() {
        let rules = json!([
            "telephoneNumber",
            {"attributes": ["msRTCSIP-Line"], "transforms": [
                {"kind": "replace", "pattern": "^tel:(.*)$", "with": "$1"},
                {"kind": "e164", "country": "DE", "otherwise": "keep"},
            ]},
            {"attributes": ["l", "st"], "transforms": [{"kind": "trim"}, {"kind": "join", "separator": ", "}]},
        ]);

        let read = mapping(&rules).expect("a mapping");

        assert_eq!(read.work_phone[0], "telephoneNumber".into());
        assert_eq!(read.work_phone[2].attributes(), ["l", "st"]);
        assert_eq!(serde_json::to_value(&read).expect("JSON")["work_phone"], rules);
    }

    #[test]
    fn what_is_no_rule_is_named() {
        for (rules, said) in [
            (json!([7]), "expected the name of an attribute, or attributes with transforms"),
            (json!([{"transforms": []}]), "missing field `attributes`"),
            (json!([{"attributes": ["a"], "also": 1}]), "unknown field `also`"),
            (json!([{"attributes": ["a"], "transforms": [{"kind": "reverse"}]}]), "unknown variant `reverse`"),
            (json!([{"attributes": ["a"], "transforms": [{"kind": "join"}]}]), "missing field `separator`"),
        ] {
            let error = mapping(&rules).expect_err(said);
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn refusals_name_field_value_and_rule() {
        let transformed = |transform: serde_json::Value| json!([{"attributes": ["a"], "transforms": [transform]}]);
        let replace =
            |pattern: &str, with: &str| transformed(json!({"kind": "replace", "pattern": pattern, "with": with}));
        let many: Vec<_> = (0..33).map(|_| json!({"kind": "replace", "pattern": "a", "with": "b"})).collect();
        let many: Vec<_> = many.chunks(10).map(|some| json!({"attributes": ["a"], "transforms": some})).collect();

        for (rules, field, value) in [
            (json!([{"attributes": []}]), "mapping.work_phone[0].attributes", ""),
            (json!(["a", {"attributes": ["a", " "]}]), "mapping.work_phone[1].attributes", " "),
            (json!([{"attributes": vec!["a"; 11]}]), "mapping.work_phone[0].attributes", "11"),
            (
                json!([{"attributes": ["a"], "transforms": vec![json!({"kind": "trim"}); 11]}]),
                "mapping.work_phone[0].transforms",
                "11",
            ),
            (replace("(", "x"), "mapping.work_phone[0].transforms[0].pattern", "("),
            (replace("", "x"), "mapping.work_phone[0].transforms[0].pattern", ""),
            (replace("(a)", "$2"), "mapping.work_phone[0].transforms[0].with", "$2"),
            (
                transformed(json!({"kind": "join", "separator": "=================",})),
                "mapping.work_phone[0].transforms[0].separator",
                "=================",
            ),
            (
                transformed(json!({"kind": "e164", "country": "Germany"})),
                "mapping.work_phone[0].transforms[0].country",
                "Germany",
            ),
            (json!(many), "mapping", "33"),
            (json!(vec!["a"; 21]), "mapping.work_phone", "21"),
        ] {
            let mut refusals = Refusals::default();
            mapping(&rules).expect("a mapping").refuse(&mut refusals);
            let refused = refusals.finish().expect_err(field);
            assert_eq!((refused[0].field.as_str(), refused[0].value.as_str()), (field, value), "{refused:?}");
        }
    }
}
