//! What is made of the values of attributes, step by step. Pure.

use directory_model::source::{Otherwise, Transform, compiled};
use phonenumber::country::Id;
use regex::Regex;

use super::MAX_VALUE_BYTES;
use super::number;

/// The transforms of a rule, prepared for many values.
pub(crate) struct Pipeline(Vec<Step>);

enum Step {
    Trim,
    LowerCase,
    UpperCase,
    TitleCase,
    Join(String),
    Replace(Regex, String),
    E164(Id, Otherwise),
    /// Something that was refused when it was entered: it lets nothing through.
    Nothing,
}

/// A value would become longer than anything that is mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Pipeline {
    pub(super) fn new(transforms: &[Transform]) -> Self {
        Self(transforms.iter().map(step).collect())
    }

    /// What is left of `values` after every step; `seen` is shown what each of them left.
    pub(super) fn run(&self, mut values: Vec<String>, mut seen: impl FnMut(&[String])) -> Result<Vec<String>, TooLong> {
        for step in &self.0 {
            values = step.apply(values)?;
            values.retain(|value| !value.trim().is_empty());
            if values.iter().any(|value| value.len() > MAX_VALUE_BYTES) {
                return Err(TooLong);
            }
            seen(&values);
        }
        Ok(values)
    }

    /// Whether what comes out differs from what went in by capitals and white space alone, so that a
    /// directory finds the one by the other.
    pub(super) fn is_alike(&self) -> bool {
        self.0.iter().all(|step| matches!(step, Step::Trim | Step::LowerCase | Step::UpperCase | Step::TitleCase))
    }
}

fn step(transform: &Transform) -> Step {
    match transform {
        Transform::Trim => Step::Trim,
        Transform::LowerCase => Step::LowerCase,
        Transform::UpperCase => Step::UpperCase,
        Transform::TitleCase => Step::TitleCase,
        Transform::Join { separator } => Step::Join(separator.clone()),
        Transform::Replace { pattern, with } => {
            compiled(pattern).map_or(Step::Nothing, |pattern| Step::Replace(pattern, with.clone()))
        }
        Transform::E164 { country, otherwise } => {
            number::country(country).map_or(Step::Nothing, |country| Step::E164(country, *otherwise))
        }
    }
}

impl Step {
    fn apply(&self, values: Vec<String>) -> Result<Vec<String>, TooLong> {
        let each = |make: fn(&str) -> String| values.iter().map(|value| make(value)).collect();
        Ok(match self {
            Self::Trim => each(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")),
            Self::LowerCase => each(str::to_lowercase),
            Self::UpperCase => each(str::to_uppercase),
            Self::TitleCase => each(title_case),
            Self::Join(_) if values.is_empty() => values,
            Self::Join(separator) => vec![values.join(separator)],
            Self::Replace(pattern, with) => {
                let replaced = values.iter().map(|value| replaced(pattern, value, with));
                replaced.filter_map(Result::transpose).collect::<Result<_, _>>()?
            }
            Self::E164(country, otherwise) => {
                let written = values.into_iter().map(|value| match number::e164(&value, *country) {
                    Some(number) => Some(number),
                    None => (*otherwise == Otherwise::Keep).then_some(value),
                });
                written.flatten().collect()
            }
            Self::Nothing => Vec::new(),
        })
    }
}

/// `value` with every match replaced; `None` when there is none.
fn replaced(pattern: &Regex, value: &str, with: &str) -> Result<Option<String>, TooLong> {
    let (mut made, mut end) = (String::new(), 0);
    let mut has_match = false;
    for found in pattern.captures_iter(value) {
        let Some(whole) = found.get(0) else { continue };
        has_match = true;
        made.push_str(&value[end..whole.start()]);
        found.expand(with, &mut made);
        end = whole.end();
        // Looked at here already: a replacement may repeat a group many times.
        if made.len() > MAX_VALUE_BYTES {
            return Err(TooLong);
        }
    }
    made.push_str(&value[end..]);
    Ok(has_match.then_some(made))
}

/// Words begin with a capital and go on in small letters; an apostrophe divides no word.
fn title_case(value: &str) -> String {
    let mut made = String::with_capacity(value.len());
    let mut is_inside = false;
    for c in value.chars() {
        if is_inside {
            made.extend(c.to_lowercase());
        } else {
            made.extend(c.to_uppercase());
        }
        is_inside = c.is_alphanumeric() || (is_inside && matches!(c, '\'' | '\u{2019}'));
    }
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(transforms: &[Transform], values: &[&str]) -> Result<Vec<String>, TooLong> {
        Pipeline::new(transforms).run(values.iter().map(|value| (*value).to_owned()).collect(), |_| {})
    }

    fn join(separator: &str) -> Transform {
        Transform::Join { separator: separator.into() }
    }

    fn replace(pattern: &str, with: &str) -> Transform {
        Transform::Replace { pattern: pattern.into(), with: with.into() }
    }

    fn e164(otherwise: Otherwise) -> Transform {
        Transform::E164 { country: "DE".into(), otherwise }
    }

    #[test]
    fn each_transform_does_its_work() {
        let extension = "-(\\d{2})$";
        for (transforms, values, expected) in [
            (vec![], vec!["a", "b"], vec!["a", "b"]),
            (vec![Transform::Trim], vec!["  Anna \t Berg\n"], vec!["Anna Berg"]),
            (vec![Transform::LowerCase], vec!["ÄNNE", "B"], vec!["änne", "b"]),
            (vec![Transform::UpperCase], vec!["straße"], vec!["STRASSE"]),
            (
                vec![Transform::TitleCase],
                vec!["MÜLLER-LÜDENSCHEIDT o'NEILL 3RD"],
                vec!["Müller-Lüdenscheidt O'neill 3rd"],
            ),
            (vec![join(", ")], vec!["Berlin", "Mitte"], vec!["Berlin, Mitte"]),
            (vec![join(", ")], vec!["Berlin"], vec!["Berlin"]),
            (vec![join(", ")], vec![], vec![]),
            (vec![replace(r"^(\w+), (\w+)$", "$2 $1")], vec!["Berg, Anna"], vec!["Anna Berg"]),
            (vec![replace(extension, ";ext=$1")], vec!["123-45", "123"], vec!["123;ext=45"]),
            (vec![replace("a", "b")], vec!["banana"], vec!["bbnbnb"]),
            (vec![replace("^.*$", "")], vec!["gone"], vec![]),
            (vec![replace("x*", "-")], vec!["ab"], vec!["-a-b-"]),
            (vec![e164(Otherwise::Keep)], vec!["030 1234567", "200"], vec!["+49301234567", "200"]),
            (vec![e164(Otherwise::Drop)], vec!["200", "030 1234567"], vec!["+49301234567"]),
            (
                vec![Transform::Trim, join(" "), Transform::TitleCase, replace("^(.+)$", "$1 (extern)")],
                vec![" anna", "BERG "],
                vec!["Anna Berg (extern)"],
            ),
        ] {
            let shown = format!("{transforms:?} of {values:?}");
            assert_eq!(run(&transforms, &values), Ok(expected.into_iter().map(str::to_owned).collect()), "{shown}");
        }
    }

    #[test]
    fn what_was_refused_when_it_was_entered_lets_nothing_through() {
        let nowhere = Transform::E164 { country: "Germany".into(), otherwise: Otherwise::Keep };

        assert_eq!(run(&[replace("(", "x")], &["("]), Ok(Vec::new()));
        assert_eq!(run(&[nowhere], &["030 1234567"]), Ok(Vec::new()));
    }

    #[test]
    fn a_value_that_grows_without_end_is_refused() {
        let doubling = replace("^(.*)$", &"$1".repeat(128));

        assert_eq!(run(&[doubling.clone(), doubling.clone(), doubling], &["0123456789"]), Err(TooLong));
    }

    #[test]
    fn every_step_shows_what_it_left() {
        let mut shown = Vec::new();
        let pipeline = Pipeline::new(&[Transform::UpperCase, join("-")]);

        pipeline.run(vec!["a".into(), "b".into()], |left| shown.push(left.to_vec())).expect("short");

        assert_eq!(shown, [vec!["A".to_owned(), "B".to_owned()], vec!["A-B".to_owned()]]);
    }

    fn any_transform() -> impl Strategy<Value = Transform> {
        prop_oneof![
            Just(Transform::Trim),
            Just(Transform::LowerCase),
            Just(Transform::UpperCase),
            Just(Transform::TitleCase),
            "\\PC{0,4}".prop_map(|separator| Transform::Join { separator }),
            ("[a-z.*+?()\\[\\]|^$]{0,8}", "[a-z$0-9{}]{0,8}")
                .prop_map(|(pattern, with)| Transform::Replace { pattern, with }),
            prop_oneof![Just(Otherwise::Keep), Just(Otherwise::Drop)].prop_map(e164),
        ]
    }

    proptest! {
        #[test]
        fn nothing_empty_nothing_huge_and_never_more_values_come_out(
            transforms in proptest::collection::vec(any_transform(), 0..6),
            values in proptest::collection::vec("\\PC{1,40}", 0..5),
        ) {
            let values: Vec<&str> = values.iter().map(String::as_str).filter(|value| !value.trim().is_empty()).collect();

            if let Ok(left) = run(&transforms, &values) {
                prop_assert!(left.len() <= values.len());
                let is_fit = |value: &String| !value.trim().is_empty() && value.len() <= MAX_VALUE_BYTES;
                prop_assert!(left.iter().all(is_fit), "{:?}", left);
            }
        }

        #[test]
        fn what_keeps_addresses_findable_changes_only_capitals_and_white_space(
            transforms in proptest::collection::vec(any_transform(), 0..4),
            value in "[a-z@. ]{1,20}",
        ) {
            prop_assume!(!value.trim().is_empty() && Pipeline::new(&transforms).is_alike());

            let left = run(&transforms, &[&value]).expect("short");
            let bare = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
            prop_assert_eq!(left.iter().map(|left| bare(left)).collect::<Vec<_>>(), [bare(&value)]);
        }
    }
}
