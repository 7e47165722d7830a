//! Makes a company through the API: tenant, administrator, sites, domain, directory, groups,
//! publications.

use std::path::Path;
use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use directory_model::secret::Secret;
use serde_json::{Value, json};

use crate::cli::sync::run_source;
use crate::client::Client;
use crate::demo::company::{Company, SHOWN_TEAMS};
use crate::failure::Failure;

/// How long the demo's token works.
const LIFETIME: Duration = Duration::from_hours(7 * 24);

/// Client licences of each company.
const LICENCES: u32 = 10;

/// Every third person takes a second call.
const TAKES_SECOND_CALLS: usize = 3;

/// A company as it was made.
pub(super) struct Built {
    /// Asks as a program of the company.
    pub(super) client: Client,
    /// `/api/v1/tenants/…`
    pub(super) path: String,
    /// The portal, with a link that signs the administrator in once.
    pub(super) portal: String,
    pub(super) name: &'static str,
    pub(super) short: &'static str,
    /// The identities of those who come, go and telephone.
    pub(super) people: Vec<String>,
    /// The key of the publication with the services.
    pub(super) services_key: String,
    /// The key of the publication with the teams.
    pub(super) team_key: String,
}

/// Where the companies' directories are, and where the gateway reads them.
pub(super) struct Folders<'a> {
    pub(super) companies: &'a Path,
    pub(super) sources: &'a Path,
}

/// Makes `company`, whose website is on `host`.
pub(super) async fn build(
    anybody: &Client,
    platform: &Client,
    company: &'static Company,
    host: &str,
    folders: &Folders<'_>,
    password: &Secret,
) -> Result<Built, Failure> {
    let (client, path, portal) = found(anybody, platform, company, password).await?;
    let sites = make_sites(&client, &path, company).await?;
    place(folders, tenant_of(&path), company.file.0)?;
    synchronize(&client, &path, company).await?;
    let contacts = client.get(&format!("{path}/contacts?limit=500")).await?;
    let contacts: Vec<&Value> = contacts.items().iter().filter(|contact| contact["is_disabled"] != true).collect();
    let teams = make_teams(&client, &path, company, &contacts).await?;
    settle(&client, &path, &contacts, &sites).await?;
    staff(&client, &path, company, &contacts, &teams).await?;
    hire(&client, &path, &teams, password).await?;

    let domain = json!({ "title": "Website", "hosts": [host, host.replace("127.0.0.1", "localhost")],
        "is_http_allowed": true });
    let domain = client.post(&format!("{path}/domains"), &domain).await?.body["id"].clone();
    let services =
        contacts.iter().filter(|contact| is_service(contact)).map(|contact| json!({"contact": contact["id"]}));
    let services_key = publish(&client, &path, "How to reach us", &domain, services.collect()).await?;
    let shown = teams.iter().take(SHOWN_TEAMS).map(|team| json!({ "group": team }));
    let team_key = publish(&client, &path, "Our teams", &domain, shown.collect()).await?;
    let people = contacts.iter().filter(|contact| !is_service(contact)).map(|contact| id(contact)).collect();
    Ok(Built { client, path, portal, name: company.name, short: company.short, people, services_key, team_key })
}

/// The tenant, and a token of its administrator.
async fn found(
    anybody: &Client,
    platform: &Client,
    company: &Company,
    password: &Secret,
) -> Result<(Client, String, String), Failure> {
    let tenant = json!({ "name": company.name, "company_name": company.name, "client_licences": LICENCES });
    let tenant = platform.post("/api/v1/tenants", &tenant).await?;
    let scope = json!({ "kind": "tenant", "id": tenant.body["id"] });
    let path = format!("/api/v1/tenants/{}", tenant.text("id"));
    let user = platform.post(&format!("{path}/users"), &json!({ "name": "admin" })).await?;
    let grant = json!({ "user": user.body["id"], "role": "tenant", "scope": scope });
    platform.post(&format!("{path}/grants"), &grant).await?;
    let known = json!({ "password": password.expose() });
    platform.put(&format!("{path}/users/{}/password", user.text("id")), &known).await?;
    let admin = anybody.sign_in(Some(company.name), "admin", password).await?;
    let end = SystemClock.now().plus(LIFETIME);
    let token = json!({ "name": "demo", "role": "tenant", "scope": scope, "expires_at": end });
    let token = admin.post(&format!("{path}/tokens"), &token).await?;
    let link = platform.post(&format!("{path}/users/{}/link", user.text("id")), &json!({})).await?;
    Ok((anybody.with_token(Secret::new(token.text("secret"))), path, link.text("path").to_owned()))
}

/// The sites' identities by city.
async fn make_sites(client: &Client, path: &str, company: &Company) -> Result<Vec<(&'static str, Value)>, Failure> {
    let mut made = Vec::new();
    for site in company.sites {
        let fields = json!({ "name": site.city, "city": site.city, "street": site.street,
            "zip_code": site.zip_code, "country": site.country, "time_zone": site.time_zone });
        let answer = client.post(&format!("{path}/sites"), &fields).await?;
        made.push((site.city, answer.body["id"].clone()));
    }
    Ok(made)
}

/// Copies the company's directory to where the gateway reads this tenant's files.
fn place(folders: &Folders<'_>, tenant: &str, file: &str) -> Result<(), Failure> {
    let folder = folders.sources.join(tenant);
    std::fs::create_dir_all(&folder).map_err(|reason| Failure::File { path: folder.clone(), reason })?;
    let from = folders.companies.join(file);
    let copied = std::fs::copy(&from, folder.join(file));
    copied.map(drop).map_err(|reason| Failure::File { path: from, reason })
}

/// The tenant's identity in `/api/v1/tenants/…`.
fn tenant_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Fills the company from its directory, as every night.
async fn synchronize(client: &Client, path: &str, company: &Company) -> Result<(), Failure> {
    let (file, format) = company.file;
    let connection = json!({ "kind": "file", "path": file, "format": format });
    let source = json!({ "name": "Directory", "connection": connection });
    let source = client.post(&format!("{path}/sources"), &source).await?;
    let run = run_source(client, tenant_of(path), source.text("id"), "extent=whole").await?;
    if run["state"] == "succeeded" {
        return Ok(());
    }
    Err(Failure::said(format!("the directory of {} could not be read: {}", company.name, run["message"])))
}

/// The groups' identities, in the order of the company's teams.
async fn make_teams(
    client: &Client,
    path: &str,
    company: &Company,
    contacts: &[&Value],
) -> Result<Vec<Value>, Failure> {
    let mut made = Vec::new();
    for team in company.teams {
        let group = client.post(&format!("{path}/groups"), &json!({ "name": team.name })).await?;
        let is_member = |contact: &&&Value| {
            let title = contact["job_title"].as_str().unwrap_or_default().to_lowercase();
            !is_service(contact) && team.titles.iter().any(|word| title.contains(word))
        };
        for member in contacts.iter().filter(is_member) {
            let at = format!("{path}/groups/{}/members/{}", group.text("id"), id(member));
            client.put(&at, &json!({})).await?;
        }
        made.push(group.body["id"].clone());
    }
    Ok(made)
}

/// Gives everybody a home, and some a second line.
async fn settle(client: &Client, path: &str, contacts: &[&Value], sites: &[(&str, Value)]) -> Result<(), Failure> {
    for (at, contact) in contacts.iter().enumerate() {
        let home = sites.iter().find(|(city, _)| contact["work_city"] == *city).map(|(_, site)| site);
        let is_busy_fine = at % TAKES_SECOND_CALLS == 0;
        let changes = json!({ "home_site": home, "can_be_contacted_on_busy": is_busy_fine, "is_vcard_enabled": true });
        client.patch(&format!("{path}/contacts/{}", id(contact)), &contact["revision"], &changes).await?;
    }
    Ok(())
}

/// Lets teams answer for services.
async fn staff(
    client: &Client,
    path: &str,
    company: &Company,
    contacts: &[&Value],
    teams: &[Value],
) -> Result<(), Failure> {
    for (team, group) in company.teams.iter().zip(teams) {
        let is_its = |contact: &&&Value| is_service(contact) && contact["display_name"].as_str() == team.service;
        let Some(service) = contacts.iter().find(is_its) else { continue };
        let at = format!("{path}/contacts/{}", id(service));
        let revision = client.get(&at).await?.body["revision"].clone();
        client.patch(&at, &revision, &json!({ "staffed_by": group })).await?;
    }
    Ok(())
}

/// Gives the first of the first team an account that may use clients.
async fn hire(client: &Client, path: &str, teams: &[Value], password: &Secret) -> Result<(), Failure> {
    let team = teams.first().and_then(Value::as_str).unwrap_or_default();
    let members = client.get(&format!("{path}/groups/{team}/members?limit=1")).await?;
    let contact = members.items().first().map(|member| member["id"].clone());
    let fields = json!({ "name": "agent", "contact": contact, "is_client_allowed": true });
    let user = client.post(&format!("{path}/users"), &fields).await?;
    let scope = json!({ "kind": "tenant", "id": tenant_of(path) });
    let grant = json!({ "user": user.body["id"], "role": "agent", "scope": scope });
    client.post(&format!("{path}/grants"), &grant).await?;
    let known = json!({ "password": password.expose() });
    client.put(&format!("{path}/users/{}/password", user.text("id")), &known).await?;
    Ok(())
}

/// Makes a publication and gives its key.
async fn publish(
    client: &Client,
    path: &str,
    title: &str,
    domain: &Value,
    entries: Vec<Value>,
) -> Result<String, Failure> {
    let fields = json!({ "title": title, "domains": [domain] });
    let made = client.post(&format!("{path}/publications"), &fields).await?;
    let at = format!("{path}/publications/{}/entries", made.text("id"));
    client.put(&at, &json!({ "entries": entries })).await?;
    Ok(made.text("key").to_owned())
}

fn is_service(contact: &Value) -> bool {
    contact["is_ucma_endpoint"] == true
}

fn id(contact: &Value) -> String {
    contact["id"].as_str().unwrap_or_default().to_owned()
}
