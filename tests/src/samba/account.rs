//! Accounts of the domain with which a gateway reads, and the right to see who was deleted.

use ldap3::controls::RawControl;
use ldap3::{LdapResult, Mod, Scope, SearchEntry, SearchResult};

use super::{DOMAIN, Samba, Unit};

/// Shows entries that were deleted (MS-ADTS 3.1.1.3.4.1.14).
const SHOW_DELETED: &str = "1.2.840.113556.1.4.417";
/// Says which parts of a security descriptor are meant (MS-ADTS 3.1.1.3.4.1.11).
const SD_FLAGS: &str = "1.2.840.113556.1.4.801";
/// Parts of a descriptor (MS-DTYP 2.4.6): its owner, and its discretionary list.
const OWNER: u8 = 1;
const DACL: u8 = 4;
/// The head of a descriptor that has an owner alone, right behind it.
const HEAD_OF_OWNER: [u8; 20] = [1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// The head of one that has a protected list alone, right behind it.
const HEAD_OF_LIST: [u8; 20] = [1, 0, 4, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
/// The group of administrators, `S-1-5-32-544`.
const ADMINISTRATORS: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
/// To list what is below, and to read its attributes: what `dsacls` calls `LCRP`.
const LIST_AND_READ: u32 = 0x14;

impl Samba {
    /// Makes an ordinary user called `name`, which nobody else of this process may make, whose password does not expire; says with which name it signs in.
    pub async fn account(&self, unit: &Unit, name: &str, password: &str) -> Account {
        let dn = format!("CN={name},CN=Users,{DOMAIN}");
        let quoted: Vec<u8> = format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let quoted = String::from_utf8(quoted).expect("the password is ASCII");
        let attributes = [
            ("objectClass", "user"),
            ("sAMAccountName", name),
            ("userPrincipalName", &format!("{name}@contoso.test")),
            ("userAccountControl", "66048"),
            ("unicodePwd", &quoted),
        ];
        unit.add(&dn, &attributes).await;
        Account { name: format!("{name}@contoso.test"), dn }
    }
}

/// A user with which a gateway signs in.
#[derive(Debug)]
pub struct Account {
    /// What it signs in with.
    pub name: String,
    dn: String,
}

impl Unit {
    /// Lets `account` see the deleted objects of the whole domain: what `dsacls "CN=Deleted Objects,…" /takeownership` and `/g account:LCRP` do.
    /// Samba's own tool for rights does not find this container.
    pub async fn shows_deleted_to(&self, account: &Account) {
        let container = format!("CN=Deleted Objects,{DOMAIN}");
        self.secure(&container, OWNER, [&HEAD_OF_OWNER[..], &ADMINISTRATORS].concat()).await;
        let list = self.value(&container, "nTSecurityDescriptor", DACL).await;
        let descriptor = with_entry(&list, &self.value(&account.dn, "objectSid", DACL).await);
        self.secure(&container, DACL, descriptor).await;
    }

    /// Gives an entry the `part` of its descriptor that `descriptor` holds.
    async fn secure(&self, dn: &str, part: u8, descriptor: Vec<u8>) {
        let change = vec![Mod::Replace(b"nTSecurityDescriptor".to_vec(), [descriptor].into())];
        let mut ldap = self.ldap.clone();
        let changed = ldap.with_controls(controls(part)).modify(dn, change).await.and_then(LdapResult::success);
        changed.unwrap_or_else(|reason| panic!("{dn}: {reason}"));
    }

    /// The bytes of an attribute; of a descriptor, those of a `part`.
    async fn value(&self, dn: &str, attribute: &str, part: u8) -> Vec<u8> {
        let mut ldap = self.ldap.clone();
        let ldap = ldap.with_controls(controls(part));
        let found = ldap.search(dn, Scope::Base, "(objectClass=*)", vec![attribute]).await;
        let (entries, _) = found.and_then(SearchResult::success).expect("the entry can be read");
        let mut entry = SearchEntry::construct(entries.into_iter().next().expect("the entry"));
        let values = entry.bin_attrs.remove(attribute).unwrap_or_default();
        values.into_iter().next().unwrap_or_else(|| panic!("{dn} has no {attribute}"))
    }
}

fn controls(part: u8) -> Vec<RawControl> {
    let control = |oid: &str, val| RawControl { ctype: oid.to_owned(), crit: true, val };
    // The parts are a sequence of one integer.
    vec![control(SHOW_DELETED, None), control(SD_FLAGS, Some(vec![0x30, 3, 2, 1, part]))]
}

/// A descriptor with the discretionary list of `descriptor`, and one more entry: `sid` may list and read.
fn with_entry(descriptor: &[u8], sid: &[u8]) -> Vec<u8> {
    let number = |at: usize| u16::from_le_bytes([descriptor[at], descriptor[at + 1]]);
    let start = usize::from(number(16));
    let (size, count) = (number(start + 2), number(start + 4));
    let length = u16::try_from(8 + sid.len()).expect("an identity is short");
    let entry = [&[0, 0][..], &length.to_le_bytes(), &LIST_AND_READ.to_le_bytes(), sid].concat();
    let head = [&descriptor[start..start + 2], &(size + length).to_le_bytes(), &(count + 1).to_le_bytes()].concat();
    let rest = &descriptor[start + 6..start + usize::from(size)];
    [&HEAD_OF_LIST, &head[..], rest, &entry].concat()
}
