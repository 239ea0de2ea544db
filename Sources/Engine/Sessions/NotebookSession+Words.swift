import CellCompiler
import Foundation
import Processes
import Wire

/// What becomes of a process's end in words to the learner.
extension NotebookSession {
    func outcome(of end: CellEnd, cell: CompiledCell, _ frames: DeathReport) -> CellResult.Outcome {
        switch end {
        case .completed: .completed
        // That is how an async main ends.
        case .exited(0) where cell.outline.usesTopLevelAwait: .completed
        case .threw(let text): .threw(CellScope().withoutModuleNames(text), place: topLevelPlace(in: cell, frames))
        case .exited(let code): .exited(code, place: topLevelPlace(in: cell, frames))
        case .waitsForever: .waitsForever
        case .unloadable(let reason): .died("The cell could not be loaded: \(reason)", place: nil)
        }
    }

    func outcome(of death: DeathReport) -> CellResult.Outcome {
        death.wasInterrupted ? .interrupted(place: place(death)) : .died(sentence(for: death), place: place(death))
    }

    /// The innermost line of a learner's.
    func place(_ report: DeathReport) -> CellPlace? {
        symbolized(report)?.locations.first.map { CellPlace(cell: $0.cellID, line: $0.line) }
    }

    /// The cell's own line at its top level, from which all that happened was called.
    func topLevelPlace(in cell: CompiledCell, _ report: DeathReport) -> CellPlace? {
        symbolized(report)?.locations.last { $0.cellID == cell.id }.map { CellPlace(cell: $0.cellID, line: $0.line) }
    }

    func symbolized(_ report: DeathReport) -> Symbolizer.Report? {
        var scope = CellScope()
        for step in moments.all.flatMap(\.steps) { scope.add(step.cell) }
        for step in current.values { scope.add(step.cell) }
        if let running { scope.add(running) }
        // The frames come from the process that died: no file is opened that is not a cell's.
        let libraries = Dictionary(scope.cells.map { (Keeper.path(ofLibrary: $0.libraryPath, inBox: configuration.box != nil), $0.libraryPath) }) { $1 }
        let frames = report.frames.compactMap { frame in libraries[frame.library].map { Symbolizer.Frame(library: $0, offset: frame.offset) } }
        return try? symbolizer.report(on: frames, in: scope)
    }

    /// Why a session died, in a sentence to the learner.
    func sentence(for death: DeathReport) -> String {
        if let mistake = death.mistake { return mistake }
        if death.spokeNonsense { return "The cell's process sent Etude something that can't be understood, or did not listen, so it was ended." }
        if death.wasSilent { return "The state before the cell did not answer for ten seconds, so it was ended." }
        if death.boxIsFull { return "The cell was not run: there is no more room for it in the box that cells run in." }
        switch death.box?.reason {
        case .outOfTime: return "The time for all cells together was up, so the session was ended."
        case .outOfProcessorTime: return "The cells took more of the processor's time than all of them together may, so the session was ended."
        case .outOfMemory: return "The cells took more memory than all of them together may, so the session was ended."
        case .exited, .ended, nil: break
        }
        if death.endedWithFamily {
            return "The process that keeps the session was ended from outside, and the session with it. The cells above run again when one is needed."
        }
        if death.hungUp { return "The cell closed the connection between its process and Etude (descriptor 3), so the process was ended." }
        if let limit = death.passedDeadline { return "The cell ran for longer than \(limit), so it was ended." }
        if case .stackOverflow = death.cause {
            return "The stack overflowed: most likely a function calls itself without an end."
        }
        if let message = death.fatalMessage.map(CellScope().withoutModuleNames), !message.isEmpty { return message.hasSuffix(".") ? message : message + "." }
        if let sentence = symbolized(death)?.sentence { return sentence }
        if death.isToldInFull, case .signal(let number) = death.cause { return "The process died: \(String(cString: strsignal(number)))." }
        switch death.termination {
        case .exited(let code): return "The cell ended the whole process, with status \(code)."
        case .signalled(SIGKILL): return "The system ended the process: most likely memory ran out."
        case .signalled(let signal): return "The process died: \(String(cString: strsignal(signal)))."
        case .deadlinePassed, .interrupted, nil: return "The process died."
        }
    }
}
