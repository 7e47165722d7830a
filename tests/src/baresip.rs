//! A real telephone, in software. It opens sockets on every address, so it belongs into a network of its own.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::kamailio::DOMAIN;
use crate::process::{Server, Stop, free_port, scratch};

const MODULES: &str = "/usr/lib/baresip/modules";

/// A running telephone.
#[derive(Debug)]
pub struct Baresip {
    _server: Server,
    control: u16,
}

impl Baresip {
    /// Starts the telephone of `user`, who registers and publishes at the server at `address`.
    pub fn start(user: &str, address: &str) -> Self {
        let hint = "baresip is missing and the tests need it: `apt-get install baresip-core`";
        assert!(Path::new(MODULES).exists(), "{hint}");
        let folder = scratch().join(format!("baresip-{user}"));
        fs::create_dir_all(&folder).expect("the telephone's folder can be made");
        // It takes the port after its own as well, for TLS.
        let (port, _encrypted, control) = (free_port(), free_port(), free_port());
        let config = format!(
            "poll_method epoll\nsip_listen 127.0.0.1:{port}\nnet_interface 127.0.0.1\nmodule_path {MODULES}\n\
             module g711.so\nmodule_tmp account.so\nmodule_app contact.so\nmodule_app menu.so\nmodule_app presence.so\n\
             module_app ctrl_tcp.so\nctrl_tcp_listen 127.0.0.1:{control}\n"
        );
        let account = format!(
            "<sip:{user}@{DOMAIN}>;auth_user={user};auth_pass=x;outbound=\"sip:{address};transport=udp\";regint=60;pubint=60\n"
        );
        for (name, text) in [("config", config), ("accounts", account), ("contacts", String::new())] {
            fs::write(folder.join(name), text).expect("the telephone's files can be written");
        }
        let mut command = Command::new("baresip");
        command.args(["-4", "-p", "/usr/share/baresip", "-f"]).arg(&folder);
        let mut server = Server::start(&format!("baresip-{user}"), &mut command, Stop::Politely);
        // It takes one connection at a time, so none is wasted on asking whether it listens.
        let log = server.log_file();
        let is_ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("200 OK"));
        server.wait_until(is_ready).unwrap_or_else(|log| panic!("baresip does not register: {log}"));
        Self { _server: server, control }
    }

    /// Gives the telephone a command, such as `presence_online`, and waits until it has done it.
    pub fn command(&self, command: &str) {
        let mut control = TcpStream::connect(("127.0.0.1", self.control)).expect("the telephone listens");
        control.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out can be set");
        let message = format!("{{\"command\": \"{command}\"}}");
        // Half a message would be none.
        let framed = format!("{}:{message},", message.len());
        control.write_all(framed.as_bytes()).expect("the telephone listens");
        let mut answer = [0; 512];
        let count = control.read(&mut answer).expect("the telephone answers");
        let answer = String::from_utf8_lossy(&answer[..count]);
        assert!(answer.contains("\"ok\":true"), "{command}: {answer}");
    }
}
