//! Listening sockets.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// How many connections may wait to be accepted. With the usual 1,024 a storm of visitors after a
/// restart waits a second for its repeated SYN.
const BACKLOG: i32 = 4096;

/// An address that is ours, on which nobody can connect yet.
#[derive(Debug)]
pub struct Bound(Socket);

impl Bound {
    /// Takes `address`; an IPv6 address also takes IPv4 where the system allows it. Fails when
    /// somebody listens there.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // On Windows the option would allow two servers on one port.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        if address.is_ipv6() {
            socket.set_only_v6(false)?;
        }
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        Ok(Self(socket))
    }

    /// Lets clients connect.
    pub fn listen(self) -> io::Result<TcpListener> {
        self.0.listen(BACKLOG)?;
        TcpListener::from_std(self.0.into())
    }
}
