//! nginx as a peer: one worker on processor 0.

use std::fs;
use std::process::Command;

use suite::process::{Server, Stop, free_port, scratch, wait_until};

/// A running nginx.
pub(crate) struct Nginx {
    /// Where it listens, `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// The process that serves.
    pub(crate) worker: u32,
    _server: Server,
}

impl Nginx {
    /// Starts it with what `head` says at the top, `http` inside of `http` and `server` inside of its server. Both
    /// may name `{folder}`, of which `www` is there already.
    pub(crate) fn start(name: &str, head: &str, http: &str, server: &str) -> Self {
        let folder = scratch().join(name);
        fs::create_dir_all(folder.join("www")).expect("a folder");
        let port = free_port();
        let place = folder.display().to_string();
        let text = configuration(port, head, http, server).replace("{folder}", &place);
        fs::write(folder.join("nginx.conf"), text).expect("a configuration");
        let mut command = Command::new("taskset");
        command.args(["-c", "0", "nginx", "-c"]).arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("error.log"));
        let mut server = Server::start(name, &mut command, Stop::Politely);
        server.wait_until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).expect("nginx starts");
        let mut worker = None;
        wait_until("nginx to have a worker", || {
            let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", server.id())).unwrap_or_default();
            worker = children.split_whitespace().next().and_then(|id| id.parse().ok());
            worker.is_some()
        });
        Self { address: format!("127.0.0.1:{port}"), worker: worker.expect("just seen"), _server: server }
    }
}

fn configuration(port: u16, head: &str, http: &str, server: &str) -> String {
    format!(
        "{head} daemon off; user root; worker_processes 1; worker_rlimit_nofile 20000; pid {{folder}}/pid;
         events {{ worker_connections 19900; }}
         http {{
           access_log off; keepalive_requests 100000000; {http}
           client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f;
           uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
           server {{ listen 127.0.0.1:{port} backlog=4096; {server} }}
         }}"
    )
}
