//! `switchboard demo`: a gateway with two made-up companies. Everything in it is made through the
//! public API, as a customer would make it; the only thing that a customer does not have is the
//! set-up link, which stands in the log.

mod build;
mod company;
mod play;
mod random;
mod website;

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use directory_model::secret::Secret;
use serde_json::json;

use crate::cli::print;
use crate::client::Client;
use crate::demo::build::{Built, Folders};
use crate::demo::random::Random;
use crate::demo::website::Website;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::wire::Gateway;

/// How the demo is started.
#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// The folder for the database and the sources; what an earlier demo left there is removed.
    #[arg(long, default_value = "run", value_name = "FOLDER")]
    folder: PathBuf,
    /// The folder with the companies' directories.
    #[arg(long, default_value = "config/demo", value_name = "FOLDER")]
    companies: PathBuf,
    /// The script that serves the companies' website, run with `node`.
    #[arg(long, default_value = "web/demo/serve.mjs", value_name = "FILE")]
    website: PathBuf,
    /// The gateway's port on the loopback address.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The website's port: another origin than the gateway's, as in real life.
    #[arg(long, default_value_t = 8090)]
    website_port: u16,
    /// What chance begins with: the same number plays the same day.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// Runs the demo until the process is told to stop.
pub(crate) async fn run(options: &DemoOptions, settings: &Settings) -> Result<(), Failure> {
    let mut stop = Stop::on_signals()?;
    clear(&options.folder)?;
    let settings = settings_for(options, settings)?;
    let gateway = Gateway::start(&settings).await?;
    let acting = async {
        let (website, built) = act(options, &settings, gateway.setup_token.as_deref()).await?;
        tokio::select! {
            ended = play::for_ever(built, Random::new(options.seed)) => ended,
            failure = website.ended() => Err(failure),
        }
    };
    let ended = tokio::select! {
        ended = acting => ended,
        () = stop.wait(None) => Ok(()),
    };
    gateway.stop(&settings).await;
    ended
}

/// Makes the companies, starts their website, and says where everything is.
async fn act(
    options: &DemoOptions,
    settings: &Settings,
    token: Option<&str>,
) -> Result<(Website, Vec<Built>), Failure> {
    let url = settings.public_url();
    let client = Client::new(&url)?;
    let password = Secret::new(Random::from_system()?.word(20));
    let token = token.ok_or_else(|| Failure::said("the demo's database is not empty"))?;
    let first = json!({ "token": token, "name": "admin", "password": password.expose() });
    client.post("/api/v1/setup", &first).await?;
    let platform = client.sign_in(None, "admin", &password).await?;
    let sources = options.folder.join(SOURCES);
    let folders = Folders { companies: &options.companies, sources: &sources };
    let mut built = Vec::new();
    for company in &company::ALL {
        let origin = format!("127.0.0.1:{}", options.website_port);
        built.push(build::build(&client, &platform, company, &origin, &folders, &password).await?);
    }
    let website = Website::start(options, &url, &built).await?;
    print(&links(options, &url, &built, &password))?;
    Ok((website, built))
}

fn links(options: &DemoOptions, url: &str, built: &[Built], password: &Secret) -> String {
    let portal = |company: &Built| {
        let label = format!("Portal of {}", company.short);
        format!("  {label:<26}{url}{}\n", company.portal)
    };
    let account =
        |company: &Built| format!("    {:<24}tenant {:?}, name admin, or agent\n", company.short, company.name);
    let portals: String = built.iter().map(portal).collect();
    let accounts: String = built.iter().map(account).collect();
    format!(
        "\n  Website of a customer     http://127.0.0.1:{}/\n{portals}  API, described            {url}/api/docs/\n\n  \
         A link to a portal signs in once. After that sign in at {url}/portal/\n  \
         or with POST {url}/api/v1/session, with the password {}\n    the platform            name admin, \
         no tenant\n{accounts}\n  \
         The operator, with which agents show presence, is at {url}/operator/\n\n  Ctrl-C ends it.\n",
        options.website_port,
        password.expose(),
    )
}

/// The demo's own settings over the configured ones.
fn settings_for(options: &DemoOptions, settings: &Settings) -> Result<Settings, Failure> {
    let mut settings = settings.clone();
    let file = |path: &Path| {
        let absolute = std::path::absolute(path);
        absolute.map_err(|reason| Failure::File { path: path.to_owned(), reason })
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    settings.server.listen = Some(address);
    settings.server.tls.listen = None;
    settings.server.public_url = Some(format!("http://{address}"));
    let database = file(&options.folder.join(DATABASE))?;
    settings.database.url = Secret::new(format!("sqlite:{}", database.display()));
    settings.sources.file_folder = Some(file(&options.folder.join(SOURCES))?);
    Ok(settings)
}

const DATABASE: &str = "demo.db";
/// The folder with the tenants' folders for file sources.
const SOURCES: &str = "sources";

/// Removes what an earlier demo left.
fn clear(folder: &Path) -> Result<(), Failure> {
    let failed = |reason| Failure::File { path: folder.to_owned(), reason };
    std::fs::create_dir_all(folder).map_err(failed)?;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        // The lock stays: whoever holds it is a demo that still runs, and will say so.
        let is_left = name.to_string_lossy().starts_with(DATABASE) && !name.to_string_lossy().ends_with(".lock");
        if is_left {
            std::fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    let sources = folder.join(SOURCES);
    match std::fs::remove_dir_all(&sources) {
        Err(reason) if reason.kind() != ErrorKind::NotFound => Err(Failure::File { path: sources, reason }),
        _ => Ok(()),
    }
}
