import Glibc
import Processes

/// What a program that ran in a box left.
public struct BoxResult {
    public var end: BoxEnd
    /// It was ended because a person asked for it.
    public var wasInterrupted = false
    public var output: [UInt8] = []
    public var errorOutput: [UInt8] = []
    /// What it wrote into /tmp.
    public let scratch: BoxFolder

    public var succeeded: Bool { end.reason == .exited(0) && !wasInterrupted }
    /// The text on standard error, for a message.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}

extension Sandbox {
    /// Runs a program of the toolchain to its end, in a box of its own, and collects what it writes.
    ///
    /// - Parameters:
    ///   - program: a path in the box.
    ///   - input: what it reads on standard input; at most as much as a pipe holds, 65,536 bytes.
    ///   - files: files of the host's to copy to /cells, each with its name there.
    ///   - outputLimit: the most bytes that are kept of each stream; what writes more is ended.
    /// - Throws: ``SandboxRefusal``, ``BoxFileError``, ``ProcessError``.
    public func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], shows: [Shown] = [], files: [(file: String, name: String)] = [],
        environment: [String: String] = [:], limits: SandboxLimits = .tool, outputLimit: Int = 8 << 20, interruption: Interruption? = nil
    ) throws -> BoxResult {
        let inputPipe = try Descriptor.pipe(), output = try Descriptor.pipe(), errors = try Descriptor.pipe()
        inputPipe.writing.setNonBlocking()
        inputPipe.writing.write(input, patience: .zero)
        inputPipe.writing.close()
        let box = try Box(
            self, .tool, limits: limits, shows: shows, environment: environment, program: program, arguments,
            descriptors: [0: inputPipe.reading.number, 1: output.writing.number, 2: errors.writing.number])
        for end in [inputPipe.reading, output.writing, errors.writing] { end.close() }
        for (file, name) in files { try box.cells.put(file, as: name) }
        try box.start()

        var result = BoxResult(end: BoxEnd(.ended), scratch: box.scratch)
        var isOpen = (output: true, errors: true)
        while isOpen.output || isOpen.errors {
            let watched = [isOpen.output ? output.reading.number : -1, isOpen.errors ? errors.reading.number : -1, interruption?.descriptor ?? -1]
            // The box's limit of time ends it, and with it this.
            let events = waitForDescriptors(watched.map { ($0, Int16(POLLIN)) }, until: nil)
            if events[2] != 0 {
                result.wasInterrupted = true
                break
            }
            if events[0] != 0 {
                let bytes = output.reading.read() ?? []
                isOpen.output = !bytes.isEmpty
                result.output += bytes
            }
            if events[1] != 0 {
                let bytes = errors.reading.read() ?? []
                isOpen.errors = !bytes.isEmpty
                result.errorOutput += bytes
            }
            if max(result.output.count, result.errorOutput.count) > outputLimit { break }
        }
        if !isOpen.output && !isOpen.errors { result.end = box.waitForEnd() }
        box.finish()
        return result
    }
}
