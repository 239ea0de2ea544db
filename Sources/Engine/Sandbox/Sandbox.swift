import Glibc
import Processes

/// The one place in which programs of strangers run: boxes without network, with files and processes of their own, where
/// what can be used is bounded, and of the host nothing is in reach but what a box shows (docs/sandbox.md).
public struct Sandbox: Sendable {
    /// How well its boxes hold.
    public let level: SandboxLevel
    let launcher: String
    /// The launcher as a box shows it: there it sees to the box's first steps.
    let program: String
    let bubblewrap: String

    /// Finds out what this system has, with a box that tries itself.
    ///
    /// - Parameter launcher: where `etude-sandbox` is.
    /// - Throws: ``SandboxRefusal`` where no box of one of the levels can be had; never is there a lesser one.
    public init(launcher: String) throws {
        guard let bubblewrap = Program.path("bwrap") else {
            throw SandboxRefusal("Programs of others run in a box only, and bubblewrap, which makes it, is missing. Install it: apt-get install bubblewrap")
        }
        try self.init(launcher: launcher, program: launcher, bubblewrap: bubblewrap)
    }

    init(launcher: String, program: String, bubblewrap: String) throws {
        guard access(launcher, X_OK) == 0 else {
            throw SandboxRefusal("\(launcher) is missing: this Etude is not whole. Build it again with `swift build -c release`.")
        }
        let trial = Sandbox(launcher: launcher, program: program, bubblewrap: bubblewrap, level: .measured)
        var limits = SandboxLimits.tool
        (limits.duration, limits.memory, limits.disk) = (.seconds(20), 64 << 20, 1 << 20)
        let errors = try Descriptor.pipe()
        let box = try Box(
            trial, .session, limits: limits, program: "/etude/etude-sandbox", ["--check"], descriptors: [2: errors.writing.number])
        errors.writing.close()
        try box.start()
        let end = box.waitForEnd()
        guard end.reason == .exited(0) else {
            throw SandboxRefusal("A box was made for trial, and does not hold: \(String(decoding: errors.reading.read() ?? [], as: UTF8.self))")
        }
        self.init(launcher: launcher, program: program, bubblewrap: bubblewrap, level: box.hasGroups ? .full : .measured)
    }

    private init(launcher: String, program: String, bubblewrap: String, level: SandboxLevel) {
        (self.launcher, self.program, self.bubblewrap, self.level) = (launcher, program, bubblewrap, level)
    }
}
