use proptest::prelude::*;

use super::*;

fn key(name: &str) -> Key {
    Keys::default().name(name.as_bytes())
}

#[test]
fn one_name_is_the_same_however_it_is_written() {
    for (name, spellings) in [
        (
            "cn=Anna Muster,ou=People,dc=example,dc=com",
            &[
                "CN=ANNA MUSTER,OU=people,DC=example,DC=com",
                "cn = Anna Muster , ou = People , dc=example , dc=com ",
                "cn=  Anna   Muster ,ou=People,dc=example,dc=com",
                "cn=Anna\\20Muster,ou=People,dc=example,dc=com",
                "cn=\\41nna Muster,ou=People,dc=example,dc=com",
                "cn=\"Anna Muster\",ou=People,dc=example,dc=com",
                "cn=Anna Muster;ou=People;dc=example;dc=com",
                "commonName=Anna Muster,organizationalUnitName=People,DC=example,domainComponent=com",
                "OID.2.5.4.3=Anna Muster,2.5.4.11=People,0.9.2342.19200300.100.1.25=example,dc=com",
                "cn=#040b416e6e61204d7573746572,ou=People,dc=example,dc=com",
            ][..],
        ),
        (
            "cn=Müller\\, Anna,dc=x",
            &["CN=M\\C3\\BCller\\2C anna,DC=X", "cn=\"müller, anna\",dc=x", "cn=MÜLLER\\,  ANNA,dc=x"],
        ),
        ("cn=a\\+b,dc=x", &["cn=A\\2bB,dc=X", "cn=\"a+b\",dc=x"]),
        ("cn=Anna+uid=u1,dc=x", &["UID=U1 + CN=anna,dc=x"]),
        ("cn=a\\\\b\\\"c,dc=x", &["cn=\"a\\\\b\\\"c\",dc=x", "cn=a\\5Cb\\22c,dc=x"]),
        ("cn=a=b,dc=x", &["cn=a\\=b,dc=x"]),
        ("cn=\\#1,dc=x", &["cn=\"#1\",dc=x", "cn=\\231,dc=x"]),
        ("cn=a,dc=x", &["cn=\\ a\\ ,dc=x"]),
    ] {
        for spelling in spellings {
            assert_eq!(key(name), key(spelling), "{spelling}");
        }
    }
}

#[test]
fn other_names_are_other_names() {
    let names = [
        "",
        "cn=a,dc=x",
        "cn=ab,dc=x",
        "cn=a b,dc=x",
        "cn=a\\,dc=x",
        "dc=x,cn=a",
        "cn=a+dc=x",
        "cn=a\\+dc=x",
        "ou=a,dc=x",
        "cn=a,dc=x,dc=x",
        "cn=\\C3\\A4,dc=x",
        "cn=\\C3,dc=x",
        "cn=,dc=x",
        "cn=a",
        "a",
        "cn=a,",
        "cn=a,x",
        "cn=#zz,dc=x",
        "cn=\"a,dc=x",
    ];
    for (number, name) in names.iter().enumerate() {
        for other in &names[number + 1..] {
            assert_ne!(key(name), key(other), "{name} and {other}");
        }
    }
    let mut keys = Keys::default();
    assert_ne!(keys.user(b"cn=a"), keys.name(b"cn=a"));
    assert_ne!(keys.user(b"a"), keys.sid(b"a"));
    assert_eq!(keys.user(b" Anna"), keys.user(b"anna"));
}

/// A value with everything escaped that may be.
fn escaped(value: &str) -> String {
    value.bytes().flat_map(|byte| format!("\\{byte:02x}").into_bytes()).map(char::from).collect()
}

proptest! {
    #[test]
    fn any_bytes_have_a_key(bytes: Vec<u8>) {
        Keys::default().name(&bytes);
    }

    #[test]
    fn any_value_may_be_escaped_and_capitals_do_not_count(value in "[ -~äöüÄÖÜß]{1,20}", other in "[a-z]{1,5}") {
        let name = format!("cn={},ou={other}", escaped(&value));
        let shouted = format!("CN={},OU={}", escaped(&value.to_ascii_uppercase()), other.to_uppercase());

        prop_assert_eq!(key(&name), key(&shouted));
    }

    #[test]
    fn a_separator_in_a_value_is_no_separator(left in "[a-z]{1,5}", right in "[a-z]{1,5}") {
        let name = format!("cn={left}\\,cn={right},dc=x");

        prop_assert_ne!(key(&name), key(&format!("cn={left},cn={right},dc=x")));
    }
}
