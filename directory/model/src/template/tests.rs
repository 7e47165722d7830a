use proptest::prelude::*;

use super::*;
use crate::invalid::MarkupProblem as P;

const KINDS: [TemplateKind; 4] = TemplateKind::ALL;
/// What a template of contacts needs at least.
const NEEDED: &str = r#"<slot name="name"></slot><slot name="state"></slot><slot name="actions"></slot>"#;

fn found(kind: TemplateKind, html: &str) -> Vec<(u64, P)> {
    let problem = |invalid: Invalid| match invalid.rule {
        Rule::Markup { line, problem } => (line, problem),
        other => panic!("{other}"),
    };
    html::refusals(kind, html).into_iter().map(problem).collect()
}

/// What is found in `html` before what a template of contacts needs.
fn found_before(html: &str) -> Vec<(u64, P)> {
    found(TemplateKind::Contact, &format!("{html}{NEEDED}"))
}

fn contact() -> TemplateFields {
    TemplateFields::named(TemplateKind::Contact, "Ours")
}

#[test]
fn the_built_in_ones_are_right_by_their_own_rules() {
    for kind in KINDS {
        let fields = TemplateFields::built_in(kind);
        assert_eq!(found(kind, fields.html.as_deref().expect("html")), []);
        assert_eq!(fields.refuse_unknown_texts(None), Ok(()));
        let valid = fields.clone().check().expect("valid");
        assert_eq!(*valid, fields, "cleaning changes nothing of {kind:?}");
        let keys = |language: &str| fields.texts[language].keys().collect::<Vec<_>>();
        assert_eq!(keys("en"), keys("de"));
        for slot in kind.required_slots() {
            assert!(kind.slots().contains(slot));
        }
    }
}

#[test]
fn what_is_not_on_the_list_is_named_with_its_line() {
    for (html, expected) in [
        ("", &[][..]),
        ("<p>Hello {{name}}, {{ title }}</p>\n", &[]),
        ("<!-- a comment -->", &[]),
        ("<a href=\"https://example.com/a?b=c\">x</a> <a href='tel:+491'>y</a>", &[]),
        ("<ul>\n<li>a</li>\n<li><div class=\"row muted\" lang=\"de-AT\" dir=\"rtl\">b</div></li></ul>", &[]),
        ("<p>\n<b>x</b></p>", &[(2, P::Element), (2, P::NotOpen)]),
        ("\n\n<img src=x>", &[(3, P::Element)]),
        ("<script>alert(1)</script>", &[(1, P::Element), (1, P::NotOpen)]),
        ("<div style=\"color:red\"></div>", &[(1, P::Attribute)]),
        ("<div onclick=\"x\" id=\"y\"></div>", &[(1, P::Attribute), (1, P::Attribute)]),
        ("<div class=\"row card\"></div>", &[(1, P::Value)]),
        ("<div lang=\"Deutsch\" dir=\"up\"></div>", &[(1, P::Value), (1, P::Value)]),
        ("<a href=\"javascript:alert(1)\">x</a>", &[(1, P::Value)]),
        ("<a href=\"JaVaScRiPt:alert(1)\">x</a>", &[(1, P::Value)]),
        ("<a href=\"java&#10;script:alert(1)\">x</a>", &[(1, P::Value)]),
        ("<a href=\"//example.com\">x</a><a href=\"/x\">y</a>", &[(1, P::Value), (1, P::Value)]),
        ("<a href=\"http://example.com\">x</a><a href=\"https:x\">y</a>", &[(1, P::Value), (1, P::Value)]),
        ("<a href=\"https://x/{{name}}\">x</a>", &[(1, P::Value)]),
        ("<p><div></div></p>", &[(1, P::Place)]),
        ("<a href=\"https://x/\"><a href=\"https://y/\">z</a></a>", &[(1, P::Place)]),
        ("<p><slot name=\"note\"></slot></p>", &[(1, P::Place)]),
        ("<li>x</li><ul>x<p>y</p></ul>", &[(1, P::Place), (1, P::Text), (1, P::Place)]),
        ("<div>\n<span>\n</div>", &[(2, P::NotClosed)]),
        ("<div>\n</p></div>", &[(2, P::NotOpen)]),
        ("<div/>x</div>", &[(1, P::Syntax)]),
        (
            "one\ntwo {{phone}}\n{{ }} {{t.}} {{x",
            &[(2, P::Placeholder), (3, P::Placeholder), (3, P::Placeholder), (3, P::Placeholder)],
        ),
        ("<slot name=\"phone\"></slot>\n<slot></slot>", &[(1, P::Slot), (2, P::Slot)]),
        ("<slot name=\"note\"></slot><slot name=\"note\"></slot>", &[(1, P::SlotTwice)]),
        ("<slot name=\"note\">fallback</slot>", &[(1, P::Text)]),
    ] {
        assert_eq!(found_before(html), expected, "{html}");
    }
    assert_eq!(found(TemplateKind::Contact, "<p>x</p>\n"), [(2, P::SlotMissing); 3]);
    assert_eq!(found(TemplateKind::Contact, &format!("{NEEDED}<div>")), [(1, P::NotClosed)]);
    let long = format!("{NEEDED}{}", " ".repeat(MAX_HTML_BYTES));
    assert!(matches!(html::refusals(TemplateKind::Contact, &long)[0].rule, Rule::TooLong { .. }));
}

/// Ways to run something in somebody else's page, and where they come from.
const VECTORS: [&str; 44] = [
    // OWASP's filter evasion list, by what each of them plays with.
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script/x>alert(1)</script>",
    "<script\u{c}>alert(1)</script\u{c}>",
    "\"><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\"onerror=\"alert(1)\">",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=javascript:alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><a xlink:href=\"javascript:alert(1)\">x</a></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=\"javascript:alert(1)//\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div onmouseover=alert(1)>x</div>",
    "<div/onmouseover=alert(1)>x</div>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"&#x6A;avascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\" \u{1}javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"https://x\" ping=\"https://evil.example\" target=x onclick=alert(1)>x</a>",
    "<slot name=\"name\" onslotchange=alert(1)></slot>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--><script>alert(1)</script-->",
];

/// Whether anything could run, load or style in what a browser reads there: it is read again, tag by tag.
fn is_harmless(kind: TemplateKind, html: &str) -> bool {
    let misses_a_slot = |invalid: &Invalid| {
        matches!(
            invalid.rule,
            Rule::Markup { problem: P::SlotMissing | P::Placeholder | P::Place | P::Text | P::Slot | P::SlotTwice, .. }
        )
    };
    html::refusals(kind, html).iter().all(misses_a_slot)
}

#[test]
fn nothing_that_runs_is_kept_or_survives_being_shown() {
    for vector in VECTORS {
        let wrapped = format!("<div>{vector}</div>{NEEDED}");
        for html in [vector, wrapped.as_str()] {
            assert!(!html::refusals(TemplateKind::Contact, html).is_empty(), "kept: {html}");
            let cleaned = html::clean(TemplateKind::Contact, html);
            assert!(is_harmless(TemplateKind::Contact, &cleaned), "{html} becomes {cleaned}");
            let shown = cleaned.to_ascii_lowercase();
            for bad in ["<script", "<img", "<svg", "<style", "javascript:", " on", "style=", "srcdoc", "data:"] {
                let is_there = shown
                    .split('>')
                    .any(|tag| tag.rsplit_once('<').is_some_and(|(_, tag)| format!("<{tag}").contains(bad)));
                assert!(!is_there, "{bad} in {cleaned}");
            }
        }
    }
}

#[test]
fn what_is_entered_is_kept_as_it_is() {
    let fields = TemplateFields {
        name: " Ours ".into(),
        html: Some(format!("  <p>Fish &amp; chips<br>for {{{{name}}}}</p><!-- note -->{NEEDED} ")),
        variables: [("--switchboard-accent".into(), " #0d5a63 ".into())].into(),
        texts: [("fr".into(), BTreeMap::new())].into(),
        ..contact()
    };
    let valid = fields.check().expect("valid");

    assert_eq!(valid.name, "Ours");
    assert_eq!(
        valid.html.as_deref(),
        Some(&*format!("  <p>Fish &amp; chips<br>for {{{{name}}}}</p><!-- note -->{NEEDED}"))
    );
    assert_eq!(valid.variables["--switchboard-accent"], "#0d5a63");
    assert!(valid.texts.is_empty());
    assert_eq!(TemplateFields { html: Some(" ".into()), ..contact() }.check().expect("valid").html, None);
}

#[test]
fn variables_are_on_a_list_and_of_their_kind() {
    let is_taken = |name: &str, value: &str| {
        let variables = [(name.to_owned(), value.to_owned())].into();
        TemplateFields { variables, ..contact() }.check().is_ok()
    };
    for (name, value) in [
        ("--switchboard-accent", "#0d5a63"),
        ("--switchboard-do-not-disturb", "light-dark(#b31, #ff7d8b)"),
        ("--switchboard-radius", "0"),
        ("--switchboard-gap", "1.25rem"),
        ("--switchboard-card-width", "300px"),
        ("--switchboard-font", "\"Open Sans\", system-ui, sans-serif"),
    ] {
        assert!(is_taken(name, value), "{name}: {value}");
    }
    for (name, value) in [
        ("--switchboard-accent", ""),
        ("--switchboard-accent", "red"),
        ("--switchboard-accent", "#12345"),
        ("--switchboard-accent", "url(https://evil.example)"),
        ("--switchboard-accent", "#000;background:url(x)"),
        ("--switchboard-accent", "#000}body{"),
        ("--switchboard-accent", "light-dark(#000, var(--x))"),
        ("--switchboard-radius", "-1px"),
        ("--switchboard-radius", "calc(1px)"),
        ("--switchboard-radius", "1000rem"),
        ("--switchboard-font", "\"a\\\"b\""),
        ("--switchboard-font", "a; b"),
        ("--switchboard-ink\n", "#000"),
        ("--other", "#000"),
        ("color", "#000"),
    ] {
        assert!(!is_taken(name, value), "{name}: {value}");
    }
}

#[test]
fn texts_are_bounded_and_of_a_language() {
    let texts = |language: &str, texts: BTreeMap<String, String>| TemplateFields {
        texts: [(language.to_owned(), texts)].into(),
        ..contact()
    };
    let one = |key: &str, text: &str| BTreeMap::from([(key.to_owned(), text.to_owned())]);
    assert!(texts("de-AT", one("greeting_2", "Grüß Gott")).check().is_ok());
    for (language, key, text) in [
        ("Deutsch", "greeting", "x"),
        ("de", "Greeting", "x"),
        ("de", "t.greeting", "x"),
        ("de", "", "x"),
        ("de", "greeting", " "),
        ("de", "greeting", "\u{0}"),
    ] {
        assert!(texts(language, one(key, text)).check().is_err(), "{language} {key} {text}");
    }
    let many = |count: usize, length: usize| (0..count).map(|n| (format!("k{n}"), "x".repeat(length))).collect();
    assert!(texts("de", many(MAX_TEXTS, 100)).check().is_ok());
    assert!(texts("de", many(MAX_TEXTS + 1, 1)).check().is_err());
    assert!(texts("de", many(1, MAX_TEXT_CHARS + 1)).check().is_err());
    assert!(texts("de", many(100, 700)).check().is_err());
    let languages = |count: u8| TemplateFields {
        texts: (0..count).map(|n| (format!("a{}", char::from(b'a' + n)), one("k", "x"))).collect(),
        ..contact()
    };
    assert!(languages(20).check().is_ok());
    assert!(languages(21).check().is_err());
}

#[test]
fn only_templates_of_contacts_have_a_place_on_the_page() {
    let placed = |kind| TemplateFields { placement: Some(Placement::Floating), ..TemplateFields::named(kind, "x") };
    for kind in KINDS {
        assert_eq!(placed(kind).check().is_ok(), kind == TemplateKind::Contact);
    }
}

#[test]
fn texts_that_nobody_has_are_refused_with_their_line() {
    let html = Some(format!("{{{{t.open}}}}\n{{{{t.ours}}}}\n{{{{t.theirs}}}}{NEEDED}"));
    let ours: Texts = [("fr".into(), [("ours".into(), "x".into())].into())].into();
    let base: Texts = [("en".into(), [("theirs".into(), "y".into())].into())].into();
    let own = TemplateFields { html, texts: ours, ..contact() };
    let base = TemplateFields { texts: base, ..contact() };

    assert_eq!(own.refuse_unknown_texts(Some(&base)), Ok(()));
    let refused = own.refuse_unknown_texts(None).expect_err("one is unknown");
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].value, "{{t.theirs}}");
    assert_eq!(refused[0].rule, Rule::Markup { line: 3, problem: P::Placeholder });
}

#[test]
fn a_text_comes_from_the_nearest_language_and_template() {
    let texts = |all: &[(&str, &str, &str)]| {
        let mut texts = Texts::new();
        for (language, key, text) in all {
            texts.entry((*language).into()).or_default().insert((*key).into(), (*text).into());
        }
        texts
    };
    let own = TemplateFields {
        texts: texts(&[
            ("de-AT", "a", "own de-AT"),
            ("en", "a", "own en"),
            ("en", "b", "own en"),
            ("fr", "d", "own fr"),
        ]),
        ..contact()
    };
    let base = TemplateFields {
        texts: texts(&[("de", "a", "base de"), ("de", "b", "base de"), ("en", "c", "base en")]),
        placement: Some(Placement::Floating),
        html: Some(NEEDED.into()),
        variables: [("--switchboard-gap".into(), "0".into()), ("--switchboard-ink".into(), "#000".into())].into(),
        ..contact()
    };
    let own = TemplateFields { variables: [("--switchboard-gap".into(), "1px".into())].into(), ..own };
    let said = |language: &str, key: &str| {
        let resolved = resolve(TemplateKind::Contact, &[&own, &base], language);
        let text = resolved.texts.get(key).expect("a text").clone();
        (text.text, text.language)
    };
    for (language, key, text, of) in [
        ("de-AT", "a", "own de-AT", "de-AT"),
        ("de-at-1996", "a", "own de-AT", "de-AT"),
        ("de-CH", "a", "base de", "de"),
        ("de-AT", "b", "base de", "de"),
        ("pl", "a", "own en", "en"),
        ("", "b", "own en", "en"),
        ("de", "c", "base en", "en"),
        ("de-AT", "open", "Kontakt", "de"),
        ("pl", "open", "Contact us", "en"),
        ("pl", "d", "own fr", "fr"),
    ] {
        assert_eq!(said(language, key), (text.to_owned(), of.to_owned()), "{language} {key}");
    }
    let resolved = resolve(TemplateKind::Contact, &[&own, &base], "de");
    assert_eq!((resolved.placement, resolved.html.as_str()), (Placement::Floating, NEEDED));
    assert_eq!(resolved.variables["--switchboard-gap"], "1px");
    assert_eq!(resolved.variables["--switchboard-ink"], "#000");
    let built_in = resolve(TemplateKind::Callback, &[], "de");
    assert!(built_in.html.contains("wished_at") && built_in.texts["introduction"].language == "de");
}

/// Bits of markup in any order, and anything between them.
fn markup() -> impl Strategy<Value = String> {
    let bits = proptest::sample::select(vec![
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<slot name=\"name\">",
        "</slot>",
        "<a href=\"https://x/\">",
        "</a>",
        "<ul>",
        "<li>",
        "</ul>",
        "<br>",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "<math>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "onclick=",
        "style=",
        "href=javascript:",
        "{{name}}",
        "{{t.x}}",
        "{{",
        "}}",
        "<",
        ">",
        "\"",
        "'",
        "&lt;",
        "&#0;",
        "\0",
        "class=\"row\"",
        "<textarea>",
        "<title>",
        "<plaintext>",
        "<template>",
        "<select>",
        "<table>",
        "<form>",
        "<p/",
    ]);
    proptest::collection::vec(prop_oneof![bits.prop_map(str::to_owned), ".{0,6}".prop_map(|text| text)], 0..40)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn whatever_is_shown_is_on_the_list_and_stays_as_it_is(html in markup(), kind in proptest::sample::select(&KINDS[..])) {
        let cleaned = html::clean(kind, &html);
        prop_assert!(is_harmless(kind, &cleaned), "{} becomes {}", html, cleaned);
        prop_assert_eq!(html::clean(kind, &cleaned), cleaned);
    }

    #[test]
    fn whatever_is_kept_needs_no_cleaning_twice(html in markup(), kind in proptest::sample::select(&KINDS[..])) {
        if html::refusals(kind, &html).is_empty() {
            let cleaned = html::clean(kind, &html);
            prop_assert_eq!(html::refusals(kind, &cleaned), vec![]);
        }
    }

    #[test]
    fn checking_anything_ends_and_says_the_same_twice(html in markup(), name in ".{0,100}") {
        let fields = TemplateFields { html: Some(html), name, ..contact() };
        let checked = fields.clone().check();
        if let Ok(valid) = &checked {
            let again = valid.clone().into_inner().check();
            prop_assert_eq!(again.as_ref(), Ok(valid));
        }
        prop_assert_eq!(fields.check(), checked);
    }
}
