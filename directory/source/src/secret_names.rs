//! The attributes whose values nobody is shown.

/// Parts of the names of attributes that hold passwords, keys and what passwords are made of.
const PARTS: [&str; 14] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "privatekey",
    "krb5key",
    "principalkey",
    "krbextradata",
    "credential",
    "nthash",
    "pkcs12",
    "recovery",
    "trustauth",
    "currentvalue",
];

/// Whether the attribute may hold a secret, so that its values are not asked for.
pub(crate) fn is_secret(attribute: &str) -> bool {
    let name = attribute.to_ascii_lowercase();
    PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "userPassword",
            "userPassword;binary",
            "unicodePwd",
            "lmPwdHistory",
            "dBCSPwd",
            "supplementalCredentials",
            "sambaNTPassword",
            "krbPrincipalKey",
            "krb5Key",
            "ms-Mcs-AdmPwd",
            "msLAPS-EncryptedPassword",
            "msDS-ManagedPassword",
            "userPKCS12",
            "ipaNTHash",
            "msFVE-RecoveryPassword",
            "trustAuthIncoming",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["mail", "cn", "objectGUID", "thumbnailPhoto", "userAccountControl", "telephoneNumber", "uid"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
