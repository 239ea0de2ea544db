import Courses
import Display
import Foundation
import Terminal
import Workspace

extension CourseFinder {
    /// - Parameter label: what is done when something has to be fetched.
    init(_ studio: Studio, _ label: String) {
        self.init(studio.catalog, store: studio.store, cacheFolder: studio.cacheFolder, transfer: .atTerminal(label, studio))
    }
}

extension Transfer {
    /// One that a person at the terminal sees, can stop with Ctrl-C, and is asked for passwords by; on standard error, so
    /// that the output stays what was asked for.
    static func atTerminal(_ label: String, _ studio: Studio) -> Transfer {
        var transfer = Transfer()
        let interruption = studio.interruption
        transfer.isCancelled = { interruption.isRequested }
        guard isatty(2) == 1 else { return transfer }
        let style = TerminalStyle.of(fileDescriptor: 2, environment: ProcessInfo.processInfo.environment)
        var last = ContinuousClock.now, isFinished = false
        transfer.progress = { progress in
            guard progress.total > 0, !isFinished else { return }
            isFinished = progress.objects == progress.total
            guard isFinished || .now - last > .milliseconds(100) else { return }
            last = .now
            let detail = "\(progress.objects) of \(progress.total) objects, \(progress.bytes.formatted(.byteCount(style: .file)))"
            let shown = DisplayedProgress(label: label, fraction: Double(progress.objects) / Double(progress.total), detail: detail, isFinished: isFinished)
            Output.write(progressText(shown, style), to: 2)
        }
        transfer.ask = { question, isSecret in
            Output.write(question, to: 2)
            return isSecret ? hiddenLine() : readLine()
        }
        return transfer
    }
}

/// A line that is not seen while it is typed.
private func hiddenLine() -> String? {
    var before = termios()
    guard tcgetattr(0, &before) == 0 else { return readLine() }
    var quiet = before
    quiet.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(0, TCSAFLUSH, &quiet)
    defer {
        tcsetattr(0, TCSAFLUSH, &before)
        Output.write("\n", to: 2)
    }
    return readLine()
}
