import Foundation
import Processes
import Sessions
import Wire

/// Messages to and from one checker process, which ends with this object.
final class CheckerConversation {
    private let child: ChildProcess
    private let socket: Descriptor
    private let output: Descriptor
    private let patience: Duration
    private let interruption: Interruption?
    private var reader = FrameReader()
    private var outputIsOpen = true
    /// The last of what the checker printed: a reason, should it crash.
    private var printed: [UInt8] = []

    /// - Throws: ``CheckerFailure``, `ProcessError`.
    init(_ installation: Installation, library: String, patience: Duration, interruption: Interruption?) throws {
        let (ours, theirs) = try Descriptor.socketPair()
        let outputPipe = try Descriptor.pipe()
        child = try ChildProcess(
            installation.checker, [library], environment: ["SWIFT_BACKTRACE": "enable=no", "LANG": "C.UTF-8"],
            workingDirectory: "/", descriptors: [1: outputPipe.writing.number, 2: outputPipe.writing.number, 3: theirs.number])
        (socket, output, self.patience, self.interruption) = (ours, outputPipe.reading, patience, interruption)
        output.setNonBlocking()
        ours.setNonBlocking()
        theirs.close()
        outputPipe.writing.close()
        guard case .ready(version: wireVersion) = try receive() else { throw CheckerFailure("it did not start.") }
    }

    /// - Throws: ``CheckerFailure``, `WireError` for what can't be understood.
    func ask(_ command: CheckerCommand, attachment: [UInt8] = []) throws -> CheckerReport {
        // When it can't be written, the checker is gone, which reading tells with more words.
        socket.write(try Frame(command, attachment: attachment).bytes, patience: patience)
        return try receive()
    }

    private func receive() throws -> CheckerReport {
        let deadline = ContinuousClock.now + patience
        while true {
            if let frame = try reader.next() { return try frame.message() }
            let events = waitForDescriptors(
                [
                    (socket.number, Int16(POLLIN)), (outputIsOpen ? output.number : -1, Int16(POLLIN)),
                    (interruption?.descriptor ?? -1, Int16(POLLIN)),
                ], until: deadline)
            if events[2] != 0 {
                child.end()
                throw CheckerFailure.interruption
            }
            if ContinuousClock.now >= deadline {
                child.end()
                throw CheckerFailure("it took longer than \(patience.components.seconds) seconds.")
            }
            if events[1] != 0 { collectOutput() }
            if events[0] != 0, let bytes = socket.read() {
                if bytes.isEmpty { throw crash() }
                reader.append(bytes)
            }
        }
    }

    private func collectOutput() {
        // So much at a time: one that prints without end shall not keep the host from looking at the time.
        for _ in 0..<64 {
            guard let bytes = output.read() else { return }
            if bytes.isEmpty { outputIsOpen = false; return }
            printed = (printed + bytes).suffix(1 << 16)
        }
    }

    /// The failure of a process that is gone, with what its runtime said last.
    private func crash() -> CheckerFailure {
        child.end()
        collectOutput()
        let lines = String(decoding: printed, as: UTF8.self).split(separator: "\n")
        return CheckerFailure(lines.last { $0.contains("Fatal error") }.map { "it crashed (\($0))." } ?? "it crashed.")
    }
}
