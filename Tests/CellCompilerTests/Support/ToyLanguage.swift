import Tiers

@testable import CellCompiler

/// A small language that is Swift, with an interpreter: what a notebook means is known without the engine's help.
enum Toy {
    enum Kind { case number, constant, box, boxes, action, question, wrapper, type }

    final class Variable {
        var value: Any
        init(_ value: Any) { self.value = value }
    }
    final class Box { var count = 0 }

    struct Failure: Error {}

    /// Where a statement runs: what names mean there, and what it prints.
    final class Frame {
        var view: [String: Variable]
        var output: [String] = []
        /// How far `bump` goes: `Box` is declared in the first cell, and can be edited there.
        var step = 1
        init(_ view: [String: Variable]) { self.view = view }

        func variable(_ name: String) throws -> Variable {
            guard let found = view[name] else { throw Failure() }
            return found
        }
        func number(_ name: String) throws -> Int { try value(name) as Int }
        func box(_ name: String) throws -> Box { try value(name) as Box }
        func value<T>(_ name: String) throws -> T {
            guard let found = try variable(name).value as? T else { throw Failure() }
            return found
        }
    }

    typealias Action = (Frame) throws -> Void

    struct Statement {
        var text: String
        var declares: [(String, Kind)] = []
        var uses: [(String, Kind)] = []
        var assigns: [String] = []
        var run: Action
    }

    struct Cell {
        var id: String
        var statements: [Statement]
        var text: String { statements.map(\.text).joined(separator: "\n") }
        var declares: [(String, Kind)] { statements.flatMap(\.declares) }

        /// Whether each name of its own is declared above its uses, and once.
        var isOrdered: Bool {
            let names = declares.map(\.0)
            var open = Set(names)
            for statement in statements {
                if statement.uses.contains(where: { open.contains($0.0) }) { return false }
                open.subtract(statement.declares.map(\.0))
            }
            return Set(names).count == names.count
        }
    }

    /// What a run of each cell shows and gives, with all cells run from the top.
    static func results(of cells: [Cell]) -> [String: String] {
        var kinds: [String: Kind?] = [:]
        var view: [String: Variable] = [:]
        var step = 1
        var results: [String: String] = [:]
        for cell in cells {
            let own = Dictionary(cell.declares) { $1 }
            let isSound = cell.statements.flatMap(\.uses).allSatisfy { name, kind in
                let found = own[name] ?? kinds[name] ?? nil
                return found == kind || kind == .number && found == .constant && !cell.statements.contains { $0.assigns.contains(name) }
            }
            for (name, kind) in cell.declares {
                kinds[name] = isSound ? .some(kind) : .some(nil)
                view[name] = Variable(())
            }
            guard isSound else {
                results[cell.id] = "does not compile"
                continue
            }
            let frame = Frame(view)
            frame.step = step
            var end = ""
            do { for statement in cell.statements { try statement.run(frame) } } catch { end = "failed" }
            step = frame.step
            let given = (cell.declares.map(\.0) + cell.statements.flatMap(\.assigns)).map { name -> String in
                switch view[name]?.value {
                case let number as Int: "\(name)=\(number)"
                case let box as Box: "\(name)=Box \(box.count)"
                default: name
                }
            }
            results[cell.id] = (frame.output + given + [end]).joined(separator: " ")
        }
        return results
    }

    // MARK: Random programs

    struct Writer {
        var random: SplitMix

        mutating func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }
        mutating func number() -> Int { Int(random.next() % 9) + 1 }
        mutating func name() -> String { pick(["a", "b", "c", "d"]) }
        mutating func boxName() -> String { pick(["m", "n", "k"]) }

        mutating func firstCell() -> Cell {
            let step = number()
            let text = """
                class Box {
                    var count = 0
                    func bump() { count += \(step) }
                }
                struct Wrapper {
                    let inner: Box
                    func go() { inner.bump() }
                }
                """
            return Cell(id: "box", statements: [Statement(text: text, declares: [("Box", .type), ("Wrapper", .type)]) { $0.step = step }])
        }

        /// Cells that declare every name, so that most of what follows compiles.
        mutating func opening() -> [Cell] {
            let numbers = ["a", "b", "c", "d"].map { name -> Statement in
                let number = number()
                return Statement(text: "var \(name) = \(number)", declares: [(name, .number)]) { try $0.variable(name).value = number }
            }
            let boxes = [made(12, "m"), made(12, "n"), made(14, "k", "m")]
            return [
                firstCell(), Cell(id: "numbers", statements: numbers), Cell(id: "boxes", statements: boxes),
                Cell(id: "holders", statements: [made(15, "m", "n"), made(17, "m")]), Cell(id: "code", statements: [made(7, "", "", "f"), made(8, "", "", "g"), made(10)]),
            ]
        }

        private mutating func made(_ kind: UInt64, _ box: String = "m", _ other: String = "n", _ function: String = "f") -> Statement {
            statement(kind, name(), box, other, function)
        }

        mutating func cell(_ id: String) -> Cell {
            while true {
                let cell = Cell(id: id, statements: (0...Int(random.next() % 3)).map { _ in statement() })
                if cell.isOrdered { return cell }
            }
        }

        private mutating func sum() -> (text: String, uses: [(String, Kind)], value: (Frame) throws -> Int) {
            let (name, number) = (name(), number())
            switch random.next() % 3 {
            case 0: return ("\(number)", [], { _ in number })
            case 1: return ("\(name) + \(number)", [(name, .number)], { try $0.number(name) + number })
            default:
                let box = boxName()
                return ("\(box).count + \(number)", [(box, .box), ("Box", .type)], { try $0.box(box).count + number })
            }
        }

        mutating func statement() -> Statement {
            // What uses names is more frequent than what declares them anew.
            let kinds: [UInt64] = [0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 9, 9, 10, 11, 11, 12, 14, 15, 16, 16, 17, 18, 18, 19, 19, 19]
            return statement(pick(kinds), name(), boxName(), boxName(), pick(["f", "g"]))
        }

        private mutating func statement(_ kind: UInt64, _ target: String, _ box: String, _ other: String, _ function: String) -> Statement {
            let (text, uses, value) = sum()
            // The type is used where one is made, or its method called.
            let type: [(String, Kind)] = [("Box", .type)]
            switch kind {
            case 0, 1:
                return Statement(text: "var \(target) = \(text)", declares: [(target, .number)], uses: uses) { try $0.variable(target).value = value($0) }
            case 2:
                return Statement(text: "let \(target) = \(text)", declares: [(target, .constant)], uses: uses) { try $0.variable(target).value = value($0) }
            case 3:
                return Statement(text: "\(target) = \(text)", uses: uses + [(target, .number)], assigns: [target]) { try $0.variable(target).value = value($0) }
            case 4:
                return Statement(text: "\(target) += \(text)", uses: uses + [(target, .number)], assigns: [target]) {
                    try $0.variable(target).value = $0.number(target) + value($0)
                }
            case 5, 6: return Statement(text: "print(\(text))", uses: uses) { try $0.output.append("\(value($0))") }
            case 7:
                return Statement(text: "func \(function)() { \(target) += \(text) }", declares: [(function, .action)], uses: uses + [(target, .number)], assigns: [target]) { frame in
                    try frame.variable(function).value = { try frame.variable(target).value = frame.number(target) + value(frame) }
                }
            case 8:
                return Statement(text: "let \(function) = { \(target) += \(text) }", declares: [(function, .action)], uses: uses + [(target, .number)], assigns: [target]) { frame in
                    try frame.variable(function).value = { try frame.variable(target).value = frame.number(target) + value(frame) }
                }
            case 9: return Statement(text: "\(function)()", uses: [(function, .action)]) { try ($0.value(function) as () throws -> Void)() }
            case 10:
                return Statement(text: "func q() -> Int { \(text) }", declares: [("q", .question)], uses: uses) { frame in
                    try frame.variable("q").value = { try value(frame) }
                }
            case 11: return Statement(text: "print(q())", uses: [("q", .question)]) { try $0.output.append("\(($0.value("q") as () throws -> Int)())") }
            case 12, 13: return Statement(text: "let \(box) = Box()", declares: [(box, .box)], uses: type) { try $0.variable(box).value = Box() }
            case 14 where box != other:
                return Statement(text: "let \(box) = \(other)", declares: [(box, .box)], uses: [(other, .box)]) { try $0.variable(box).value = $0.box(other) }
            case 15:
                return Statement(text: "let list = [\(box), \(other)]", declares: [("list", .boxes)], uses: [(box, .box), (other, .box)]) {
                    try $0.variable("list").value = [$0.box(box), $0.box(other)]
                }
            case 16:
                return Statement(text: "for one in list { one.bump() }", uses: [("list", .boxes)]) { frame in
                    for one in try frame.value("list") as [Box] { one.count += frame.step }
                }
            case 17:
                return Statement(text: "let w = Wrapper(inner: \(box))", declares: [("w", .wrapper)], uses: [("Wrapper", .type), (box, .box)]) {
                    try $0.variable("w").value = $0.box(box)
                }
            case 18: return Statement(text: "w.go()", uses: [("w", .wrapper)]) { frame in try (frame.value("w") as Box).count += frame.step }
            default: return Statement(text: "\(box).bump()", uses: [(box, .box)]) { frame in try frame.box(box).count += frame.step }
            }
        }
    }
}
