import CellCompiler
import Foundation

/// How a session comes to the state that a cell starts from.
extension NotebookSession {
    /// The way to the state before a cell.
    func plan(for id: String, in cells: CellOrder) -> Plan {
        moments.dropEnded()
        var planner = Planner(for: id, in: cells, current: current)
        return planner.best(of: moments.all)
    }

    /// Compiles the cells that a plan repeats. In a state that an edited cell has left, one may have to be another library.
    /// - Returns: the cells that the next one sees.
    func prepare(_ plan: inout Plan) throws -> CellScope {
        var scope = plan.moment?.scope ?? CellScope()
        for (index, step) in plan.repeated.enumerated() {
            let answers = step.cell.boundAnswers.map { AnswerVariable($0) }
            switch try compiler.compile(step.cell.source, in: scope, answers: answers, interruption: interruption) {
            case .compiled(let cell): plan.repeated[index].cell = cell
            case .failed(let diagnostics): throw failure(toRepeat: step, diagnostics.first?.message ?? "")
            case .nothingToRun, .waiting: break
            }
            scope.add(plan.repeated[index].cell)
        }
        return scope
    }

    /// Carries a prepared plan out.
    func moment(of plan: Plan) throws -> Moment {
        var moment = try plan.moment ?? firstMoment()
        for step in plan.repeated {
            let (result, next) = advance(from: moment, step.cell, run: step.run, observer: SilentObserver())
            if let next {
                moment = next
                continue
            }
            switch result.outcome {
            case .interrupted: throw SessionError.interrupted
            case .died(let sentence, _): throw failure(toRepeat: step, sentence)
            default: throw failure(toRepeat: step, "")
            }
        }
        return moment
    }

    private func failure(toRepeat step: Step, _ reason: String) -> SessionError {
        forget(step)
        return .couldNotRepeat(cell: step.cell.name, reason: reason)
    }

    /// A state in which the newest value of a name can be asked for, and all that was done with it since.
    func moment(answering name: String) throws -> Moment {
        var asked = cells
        asked.put(CellOrder.question, compiler.outline(of: name))
        var plan = plan(for: CellOrder.question, in: asked)
        _ = try prepare(&plan)
        return try moment(of: plan)
    }

    private func firstMoment() throws -> Moment {
        if let first = moments.all.first(where: \.steps.isEmpty) { return first }
        let process = try SessionProcess.first(
            SessionStart(configuration, toolchain: compiler.toolchain), limits: configuration.limits, interruption: interruption)
        let first = Moment(process)
        moments.addFirst(first)
        return first
    }
}
