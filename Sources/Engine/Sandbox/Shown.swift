import Glibc

/// A file or folder of the host's that a box shows, for reading only.
public struct Shown: Hashable, Sendable {
    /// Its path on the host.
    public var host: String
    /// Its path in the box, which tells nothing of the host.
    public var inside: String

    public init(_ host: String, as inside: String) { (self.host, self.inside) = (host, inside) }

    /// What every program needs: the loader, the C library, and the time zones, without which a date traps. Those that a
    /// system does not have are left out.
    static let system: [Shown] = {
        #if arch(arm64)
            let loader = "/lib/ld-linux-aarch64.so.1", libraries = "/lib/aarch64-linux-gnu"
        #else
            let loader = "/lib64/ld-linux-x86-64.so.2", libraries = "/lib/x86_64-linux-gnu"
        #endif
        let names = ["libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1"]
        let paths = [loader] + names.map { "\(libraries)/\($0)" } + ["/usr/share/zoneinfo"]
        return paths.filter { access($0, R_OK) == 0 }.map { Shown($0, as: $0) }
    }()

    /// What the compiler needs beside itself: the C library's headers, and all libraries.
    public static let development: [Shown] = {
        #if arch(arm64)
            let triple = "aarch64-linux-gnu", loader = "/lib/ld-linux-aarch64.so.1"
        #else
            let triple = "x86_64-linux-gnu", loader = "/lib64/ld-linux-x86-64.so.2"
        #endif
        let paths = [loader, "/lib/\(triple)", "/usr/lib/\(triple)", "/usr/include"]
        return paths.filter { access($0, R_OK) == 0 }.map { Shown($0, as: $0) }
    }()
}
