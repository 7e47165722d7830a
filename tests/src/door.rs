//! An address behind which one server can be exchanged for another.

use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A port of its own that leads to a server, until it is dropped.
pub struct Door {
    port: u16,
    behind: Arc<Mutex<String>>,
    task: JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Door {
    /// One that leads to the server with this address, such as `ldap://127.0.0.1:389`.
    pub async fn to(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let behind = Arc::new(Mutex::new(host_of(url)));
        let shared = Arc::clone(&behind);
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let host = shared.lock().expect("nobody panics with it").clone();
                tokio::spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(host).await {
                        // Whoever hangs up first ends it.
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                    }
                });
            }
        });
        Self { port, behind, task }
    }

    /// From now on it leads there.
    pub fn lead_to(&self, url: &str) {
        *self.behind.lock().expect("nobody panics with it") = host_of(url);
    }

    /// Its own address.
    pub fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port)
    }
}

fn host_of(url: &str) -> String {
    url.rsplit('/').next().unwrap_or_default().to_owned()
}
