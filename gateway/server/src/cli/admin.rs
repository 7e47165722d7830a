//! `switchboard admin`: what only the operator of the machine may do. Works on the database itself.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::secret::Secret;
use directory_model::user::check_password;
use directory_store::database::Database;
use directory_store::seal::SealingKey;
use directory_store::{rekey, sessions, users};

use crate::cli::print;
use crate::failure::Failure;
use crate::hold::alone;
use crate::settings::Settings;
use crate::{open, setup};

/// What the operator can do.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Prints a link that makes a user of the platform, once, within 24 hours. May be used while
    /// the gateway runs.
    SetUpLink,
    /// Sets a user's password to what stands on standard input, and signs the user out everywhere.
    /// The gateway must not run.
    ResetPassword {
        /// The tenant's name; the platform when absent.
        #[arg(long, value_name = "NAME")]
        tenant: Option<String>,
        /// The user's name.
        #[arg(long, value_name = "NAME")]
        user: String,
    },
    /// Seals every secret with a new key and puts it in the place of the old one. The gateway must
    /// not run.
    Rekey,
}

/// Does what `command` asks for.
pub(crate) async fn run(command: AdminCommand, settings: &Settings) -> Result<(), Failure> {
    match command {
        AdminCommand::SetUpLink => {
            let token = setup::offer_new_link(&checked(settings).await?, &SystemClock).await?;
            print(&setup::link(&settings.public_url(), &token))
        }
        AdminCommand::ResetPassword { tenant, user } => {
            let database = checked(settings).await?;
            alone(settings, &database, reset_password(&database, tenant, &user, read_password()?)).await?;
            print(&format!("the password of {user} is changed"))
        }
        AdminCommand::Rekey => {
            let database = checked(settings).await?;
            alone(settings, &database, change_key(settings, &database)).await
        }
    }
}

/// The database, if its schema is this program's.
async fn checked(settings: &Settings) -> Result<Database, Failure> {
    let database = open::database(settings).await?;
    database.check_schema().await?;
    Ok(database)
}

fn operator() -> Origin {
    Origin { actor: Actor::System, request: None, at: SystemClock.now() }
}

fn read_password() -> Result<Secret, Failure> {
    if std::io::stdin().is_terminal() {
        return Err(Failure::said("the new password is read from standard input: `… < FILE`"));
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|reason| Failure::File { path: "-".into(), reason })?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

async fn reset_password(
    database: &Database,
    tenant: Option<String>,
    name: &str,
    password: Secret,
) -> Result<(), Failure> {
    check_password(password.expose(), name).map_err(|invalid| Failure::said(invalid.to_string()))?;
    let named = name.to_owned();
    let found = database.read(move |conn| users::find_sign_in(conn, tenant.as_deref(), &named)).await?;
    let found = found.ok_or_else(|| Failure::said(format!("there is no user `{name}` there")))?;
    let hashed = gateway_api::hash_password(password).await.map_err(|reason| Failure::said(reason.to_string()))?;
    let user = found.user.id;
    let written = database.write(found.tenant, operator(), move |tx| {
        users::set_password_hash(tx, user, &hashed)?;
        sessions::remove_of_user(tx, user, None)
    });
    written.await?;
    Ok(())
}

/// The new key stands beside the old one until every secret is sealed with it: whenever this is
/// interrupted, doing it again goes on.
async fn change_key(settings: &Settings, database: &Database) -> Result<(), Failure> {
    if settings.secrets.key.is_some() {
        return Err(Failure::said("`secrets.key` is set: put the key into a file first, named by `secrets.key_file`"));
    }
    let key_file = open::key_file(settings);
    let next = beside(&key_file, "next");
    let new = SealingKey::load_or_create(&next).map_err(|reason| Failure::said(reason.to_string()))?;
    let done = rekey::rekey(database, operator(), Arc::clone(database.sealing_key()), Arc::new(new)).await?;
    let old = beside(&key_file, "old");
    let moved = std::fs::rename(&key_file, &old).and_then(|()| std::fs::rename(&next, &key_file));
    moved.map_err(|reason| Failure::File { path: key_file.clone(), reason })?;
    let lost = match done.unreadable {
        0 => String::new(),
        count => format!("; {count} could not be opened and must be entered again"),
    };
    print(&format!("{} secrets are sealed with a new key{lost}; the old key is in {}", done.resealed, old.display()))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
