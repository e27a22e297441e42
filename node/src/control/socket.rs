//! The socket itself: made for its owner alone, wherever the home lies, and deaf to every other user.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// Opens the socket at `path` with mode 0600, in a directory of mode 0700 that is made if missing.
///
/// A socket file left by a killed node is replaced, so the caller must hold the home's lock.
///
/// # Errors
/// Whatever the system says; also if something else than a socket stands at `path`.
pub fn listen(path: &Path) -> io::Result<UnixListener> {
    if let Some(dir) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)?;
        std::fs::set_permissions(dir, PermissionsExt::from_mode(0o700))?;
    }
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path)?,
        Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => {}
    }
    let short = ShortPath::of(path)?;
    let listener = UnixListener::bind(&short.path)?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))?;
    Ok(listener)
}

/// The longest path that a socket's address holds, in bytes, on every system we know.
const SOCKET_PATH_BYTES_MAX: usize = 100;

/// A way to name a socket however deep its home lies: through its directory, held open.
pub(super) struct ShortPath {
    pub path: PathBuf,
    _dir: Option<File>,
}

impl ShortPath {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let (dir, name) = match (path.parent(), path.file_name()) {
            (Some(dir), Some(name)) if path.as_os_str().len() > SOCKET_PATH_BYTES_MAX => {
                (dir, name)
            }
            _ => {
                let path = path.to_owned();
                return Ok(Self { path, _dir: None });
            }
        };
        let dir = File::open(dir)?;
        let path = Path::new("/proc/self/fd").join(dir.as_raw_fd().to_string());
        Ok(Self {
            path: path.join(name),
            _dir: Some(dir),
        })
    }
}

pub(super) fn is_ours(stream: &UnixStream) -> bool {
    stream
        .peer_cred()
        .is_ok_and(|peer| is_own_user(peer.uid(), rustix::process::geteuid().as_raw()))
}

/// Not even root: whoever is root needs no socket to read the disk, and mistakes stay out.
pub(super) fn is_own_user(peer: u32, own: u32) -> bool {
    peer == own
}
