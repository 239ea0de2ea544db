import Glibc

/// What a finished process left.
public struct ProcessResult: Sendable {
    public var termination: Termination
    public var output: [UInt8]
    public var errorOutput: [UInt8]
    public var succeeded: Bool { termination == .exited(0) }
    /// The text on standard error, for a message.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}

/// Runs a process to its end and collects what it writes. Should the host be killed, the process ends with it.
///
/// For example: `try run("/usr/bin/gnuplot", ["--version"]).output`.
///
/// - Parameters:
///   - input: what the process reads on standard input.
///   - deadline: how long it may take; then it is ended with all that it started.
///   - outputLimit: the most bytes that are kept of each stream; a process that writes more is ended.
///   - interruption: ends the process when a person asks for it.
/// - Throws: ``ProcessError`` when it could not be started.
public func run(
    _ executable: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String]? = nil,
    workingDirectory: String? = nil, deadline: Duration? = nil, outputLimit: Int = 64 << 20,
    interruption: Interruption? = nil
) throws -> ProcessResult {
    let (inputReading, inputWriting) = try Descriptor.pipe()
    let (outputReading, outputWriting) = try Descriptor.pipe()
    let (errorReading, errorWriting) = try Descriptor.pipe()
    let child = try ChildProcess(
        executable, arguments, environment: environment, workingDirectory: workingDirectory,
        descriptors: [0: inputReading.number, 1: outputWriting.number, 2: errorWriting.number],
        endsWithThread: true)
    for end in [inputReading, outputWriting, errorWriting] { end.close() }

    let end = deadline.map { ContinuousClock.now + $0 }
    var result = ProcessResult(termination: .exited(0), output: [], errorOutput: [])
    var pendingInput = input[...]
    var open = (output: true, error: true, input: true)
    inputWriting.setNonBlocking()
    ignoreBrokenPipes()

    while open.output || open.error {
        if open.input && pendingInput.isEmpty { inputWriting.close(); open.input = false }
        let events = waitForDescriptors(
            [
                (open.output ? outputReading.number : -1, Int16(POLLIN)),
                (open.error ? errorReading.number : -1, Int16(POLLIN)),
                (open.input ? inputWriting.number : -1, Int16(POLLOUT)),
                (interruption?.descriptor ?? -1, Int16(POLLIN)),
            ], until: end)
        if events[3] != 0 { return ended(child, .interrupted) }
        if let end, ContinuousClock.now >= end { return ended(child, .deadlinePassed) }
        if events[0] != 0 {
            let bytes = outputReading.read() ?? []
            open.output = !bytes.isEmpty
            result.output += bytes
        }
        if events[1] != 0 {
            let bytes = errorReading.read() ?? []
            open.error = !bytes.isEmpty
            result.errorOutput += bytes
        }
        if events[2] != 0 {
            let written = pendingInput.withUnsafeBytes { Glibc.write(inputWriting.number, $0.baseAddress, $0.count) }
            if written > 0 { pendingInput = pendingInput.dropFirst(written) }
            if written < 0 && errno != EAGAIN && errno != EINTR { pendingInput = [] }
        }
        if result.output.count > outputLimit || result.errorOutput.count > outputLimit {
            return ended(child, .signalled(SIGKILL))
        }
    }
    if let end {
        result.termination = child.wait(until: end) ?? { child.end(); return .deadlinePassed }()
    } else {
        result.termination = child.wait()
    }
    return result

    func ended(_ child: ChildProcess, _ termination: Termination) -> ProcessResult {
        child.end()
        result.termination = termination
        return result
    }
}

/// A write to a process that is gone shall be an error, not the end of the host.
public func ignoreBrokenPipes() { _ = ignored }
private let ignored: Void = { signal(SIGPIPE, SIG_IGN) }()
