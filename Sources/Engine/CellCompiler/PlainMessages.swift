import Foundation

/// The commonest messages of the compiler in a learner's words. The key is the compiler's name for the message, so that
/// none of this depends on how it phrases it; only the quoted names are taken from its words.
struct PlainMessages {
    let translation: DiagnosticTranslation

    /// A sentence for a message, or nil where the compiler's own words are best.
    func sentence(for raw: RawDiagnostic, cleaned: String) -> String? {
        let quoted = PlainMessages.quoted(in: cleaned)
        func q(_ index: Int) -> String { index < quoted.count ? quoted[index] : "" }
        switch raw.id {
        case "cannot_find_in_scope", "cannot_find_in_scope_corrected": return unknownName(q(0), cleaned)
        case "cannot_find_type_in_scope", "cannot_find_type_in_scope_corrected": return unknownType(q(0))
        case "sema_no_import": return unknownModule(q(0))
        case "circular_reference": return circular(raw)
        case "redundant_conformance_adhoc", "redundant_conformance": return repeatedConformance(raw, quoted)
        default: break
        }
        guard let make = PlainMessages.table[raw.id] else { return nil }
        return make(Quoted(words: quoted, message: cleaned))
    }

    /// The quoted words of a message, by index; an empty text where there are fewer.
    struct Quoted {
        let words: [String]
        let message: String
        subscript(index: Int) -> String { index < words.count ? words[index] : "" }
    }

    private static let table: [String: @Sendable (Quoted) -> String?] = [
        // Calls
        "missing_argument_labels": { missingLabels($0[0]) },
        "extra_argument_labels": { "This argument has no label: leave `\($0[0])` out and write the value alone." },
        "wrong_argument_labels": { "Wrong argument label: " + $0.message.tail(after: "call ") + "." },
        "missing_argument_named": { "The call lacks a value for the parameter `\($0[0])`: add `\($0[0]): …`." },
        "missing_argument_positional": { _ in "The call lacks a value: it has fewer arguments than the function has parameters." },
        "missing_arguments_in_call": { "The call lacks values for these parameters: " + $0.words.map { "`\($0)`" }.joined(separator: ", ") + "." },
        "extra_argument_named": { "This call has no parameter `\($0[0])`: take the argument away, or check the spelling of its label." },
        "extra_argument_positional": { _ in "There is one argument too many in this call." },
        "extra_arguments_in_call": { _ in "There are more arguments in this call than it has parameters." },
        "extra_argument_to_nullary_call": { _ in "This call takes no arguments: leave the parentheses empty." },
        "argument_out_of_order_named_named": { "The arguments are in another order than the parameters: `\($0[0])` comes before `\($0[1])`." },
        "missing_address_of": { _ in "The function changes this variable: write `&` before it." },
        // Types
        "cannot_apply_binop_to_args": { operands($0) },
        "cannot_convert_initializer_value": { conversion(from: $0[0], to: $0[1], "the variable has the type `\($0[1])`") },
        "cannot_convert_argument_value": { conversion(from: $0[0], to: $0[1], "the parameter has the type `\($0[1])`") },
        "cannot_convert_assign": { conversion(from: $0[0], to: $0[1], "the variable has the type `\($0[1])`") },
        "cannot_convert_array_element": { conversion(from: $0[0], to: $0[1], "the array's elements have the type `\($0[1])`") },
        "cannot_convert_to_return_type": {
            $0[0] == "()"
                ? "The function promises to return `\($0[1])`, and this expression gives nothing back."
                : conversion(from: $0[0], to: $0[1], "the function returns `\($0[1])`")
        },
        "missing_return_decl": { "The function promises to return `\($0.words.last ?? "a value")`, but can come to its end without a `return`." },
        "missing_return_closure": { _ in "The closure promises to return a value, but can come to its end without a `return`." },
        "unresolved_nil_literal": { _ in "`nil` alone has no type: write the type, as in `let x: Int? = nil`." },
        "collection_literal_empty": { _ in "An empty list has no type of its own: write it, as in `let x: [Int] = []`." },
        "cannot_infer_type_for_pattern": { _ in "The variable has neither a type nor a first value: write `var x: Int` or `var x = 0`." },
        "integer_used_as_boolean_literal": { _ in "A condition is `true` or `false`, and this is a number: compare it with something, as in `x != 0`." },
        "use_of_equal_instead_of_equality": { _ in "`=` assigns a value; to compare two values write `==`." },
        "integer_literal_overflow": { "The number \($0[0]) is too large for `\($0[1])`." },
        "foreach_sequence_does_not_conform_to_expected_protocol": {
            $0[0] == "Int" ? "A `for` loop needs something to go through, and this is one number: write a range, as in `0..<n`."
                : "A `for` loop can't go through a value of the type `\($0[0])`."
        },
        "type_does_not_conform": { "`\($0[0])` lacks something that `\($0[1])` requires: the notes say what." },
        // Optionals
        "optional_not_unwrapped": { "This value is optional (`\($0[0])`) and may be `nil`: give a default with `??`, or unwrap it with `if let`." },
        "optional_base_not_unwrapped": { "This value is optional (`\($0[0])`) and may be `nil`: write `?.\($0[1])`, or unwrap it first with `if let`." },
        // Names and members
        "could_not_find_value_member": { "A value of the type `\($0[0])` has no member `\($0[1])`: check its spelling, or the value's type." },
        "could_not_find_type_member": { "The type `\($0[0])` has no member `\($0[1])`: check its spelling." },
        "could_not_find_tuple_member": { "The tuple `\($0[0])` has no member `\($0[1])`." },
        "invalid_redecl": { "`\($0[0])` is declared twice in this cell: give one of the two another name." },
        "ambiguous_decl_ref": { "`\($0[0])` can mean several things here: write its type, or give yours another name." },
        "cannot_find_self_in_scope": { _ in "`self` has a meaning inside a type's methods only." },
        "could_not_use_type_member_on_instance": { "`\($0[0])` belongs to the type `\($0[1])` itself: write `\($0[1]).\($0[0])`." },
        // Constants
        "assignment_lhs_is_immutable_variable": { "`\($0[0])` can't be changed: it is a constant. Declare it with `var` instead of `let` (a parameter: copy it into a `var`)." },
        "assignment_lhs_is_immutable_property": {
            $0[0] == "self" ? "A method of a struct may change its properties only when it is marked `mutating func`."
                : "`\($0[0])` can't be changed: it is declared with `let`. Declare it with `var`."
        },
        "cannot_pass_rvalue_mutating_subelement": { "`\($0[0])` can't be changed: it is a constant. Declare it with `var` instead of `let`." },
        "assignment_subscript_has_immutable_base": { "`\($0[0])` can't be changed: it is a constant. Declare it with `var` instead of `let`." },
        // Errors and waiting
        "throwing_call_without_try": { _ in "This call can throw an error: write `try` before it." },
        "async_expr_without_await": { _ in "This call takes its time (`async`): write `await` before it." },
        "async_in_nonasync_function": { _ in "This call is `async`, and so the function around it has to be: write `async` behind its parentheses, and `await` before the call." },
        // Unused
        "expression_unused_result_call": { "The result of `\($0[0])` is not used: store it, print it, or write `_ =` before the call." },
        "expression_unused_result_operator": { "The result of `\($0[0])` is not used: store it, or print it." },
        "expression_unused_function": { _ in "The function is named, but not called: write `()` with its arguments behind it." },
        "variable_never_mutated": { "`\($0[0])` never changes: declare it with `let`." },
        "pbd_never_used": { "`\($0[0])` is never used." },
        "cannot_convert_initializer_value_nil": { "`\($0[1])` can't be `nil`: make it optional, `\($0[1])?`, or give it a value." },
        "actor_isolated_call_decl": { _ in "This function belongs to an actor: write `await` before the call." },
        "actor_isolated_non_self_reference": { _ in "This belongs to an actor: write `await` before it." },
        "cannot_synthesize_in_crossfile_extension": {
            "The compiler can write `\($0[2])` only in the cell that declares `\($0[0])`: state it there, as in `struct \($0[0]): \($0[2])`, or write the members yourself."
        },
        // Form
        "expected_separator": { _ in "A `,` is missing here, or a closing bracket before it." },
        "expected_expr_after_operator": { _ in "A value is missing behind the operator." },
        "expected_identifier_in_decl": { _ in "The declaration lacks its name." },
        "func_decl_without_brace": { _ in "The function lacks its body: `{ … }`." },
        "expected_parameter_name": { _ in "A parameter is written `name: Type`." },
        "string_interpolation_unclosed": { _ in "The `\\(` in this text has no closing `)`." },
        "expected_expr": { _ in "A value or an expression is expected here." },
        "expected_init_value": { _ in "The value behind `=` is missing." },
        "lex_unterminated_string": { _ in "The text has no closing quotation mark: write `\"` at its end." },
        "expected_rbrace_in_brace_stmt": { _ in "A closing `}` is missing: the note shows the `{` that it belongs to." },
        "extra_rbrace": { _ in "There is a `}` too many here." },
        "expected_rparen_expr_list": { _ in "A closing `)` is missing." },
        "statement_same_line_without_semi": { _ in "Two statements stand on one line: begin a new line here. (Or is an operator, a comma or a parenthesis missing or too many?)" },
        "repeated_identifier": { _ in "A name can't hold a space: write the two words as one." },
        "return_invalid_outside_func": { _ in "`return` has a meaning inside a function only; the value of a cell is its last expression." },
        "break_outside_loop": { _ in "`break` has a meaning inside a loop or a switch only." },
        "non_exhaustive_switch": { _ in "The `switch` does not cover every case: add the missing ones, or `default:`." },
        "class_without_init": { "The class `\($0[0])` needs an `init`, or first values for all its properties." },
        // What a cell's top level can't hold
        "lazy_on_already_lazy_global": { _ in "A variable at a cell's top level can't be `lazy`: it gets its value when the cell runs. Take `lazy` away, or put the variable into a type." },
        "property_wrapper_top_level": { _ in "A property wrapper can't be used on a variable at a cell's top level: put the variable into a type." },
        "self_before_selfinit_value_type": { _ in "An `init` that another cell adds to a struct has to call one of the struct's own: write `self.init(…)` first." },
        "non_exhaustive_catch": { _ in "The `catch` clauses do not cover every error: add a `catch` without a pattern." },
    ]

    /// - Parameter labels: as the compiler joins them: `inputDimension:outputDimension:`.
    private static func missingLabels(_ labels: String) -> String {
        var each = labels.split(separator: ":").map { "`\($0):`" }
        guard each.count > 1 else { return "This call needs the argument label `\(labels)`: write `\(labels)` before the value." }
        let last = each.removeLast()
        return "This call needs argument labels: write \(each.joined(separator: ", ")) and \(last), each before its value."
    }

    private static func conversion(from: String, to: String, _ reason: String) -> String {
        let advice: String
        switch (from, to) {
        case ("Int", "Double"), ("Int", "Float"), ("Double", "Float"), ("Float", "Double"), ("Double", "Int"), ("Float", "Int"):
            advice = " Convert it: `\(to)(…)`."
        case ("Int", "String"), ("Double", "String"), ("Float", "String"):
            advice = " Turn the number into text: `\"\\(…)\"` or `String(…)`."
        case ("String", "Int"), ("String", "Double"):
            advice = " Turn the text into a number: `\(to)(…)`, which is `nil` when the text is none."
        case (_, LayerMistakes.flow):
            advice = " You get one by calling a layer on what flows into it, as in "
                + (LayerMistakes.layers.contains(from) ? "`\(from)(…)(input)`." : "`Dense(1)(input)`.")
        default:
            advice = ""
        }
        return "This value is of the type `\(from)`, and \(reason).\(advice)"
    }

    private static func operands(_ q: Quoted) -> String {
        let numbers: Set<String> = ["Int", "Double", "Float"]
        if numbers.contains(q[1]), numbers.contains(q[2]) {
            let wider = [q[1], q[2]].contains("Double") ? "Double" : "Float"
            return "`\(q[0])` needs the same type on both sides, and these are `\(q[1])` and `\(q[2])`: convert one, as in `\(wider)(…)`."
        }
        if q[0] == "+", [q[1], q[2]].contains("String") {
            return "`+` joins text with text, and one side is `\(q[1] == "String" ? q[2] : q[1])`: write the value into the text, as in `\"… \\(value)\"`."
        }
        if [q[1], q[2]].contains(LayerMistakes.flow), let layer = [q[1], q[2]].first(where: LayerMistakes.layers.contains) {
            return LayerMistakes.sentence(for: layer)
        }
        return "`\(q[0])` does not work between `\(q[1])` and `\(q[2])`."
    }

    // MARK: Names

    private func unknownName(_ name: String, _ message: String) -> String? {
        if name == "++" || name == "--" { return "Swift has no `\(name)`: write `\(name.prefix(1))= 1`." }
        if let why = hiddenName(name) { return why }
        if message.contains("operator") { return nil }
        let advice = suggestion(for: name) ?? "Declare it before, or run the cell that declares it."
        return "There is nothing named `\(name)` here. \(advice)"
    }

    private func unknownType(_ name: String) -> String {
        hiddenName(name) ?? "There is no type named `\(name)` here. "
            + (suggestion(for: name) ?? "Run the cell that declares it, or import its module.")
    }

    /// A name that an earlier cell has, but keeps for itself.
    private func hiddenName(_ name: String) -> String? {
        for cell in translation.scope.cells.reversed() {
            let place = translation.name(ofCell: cell.id)
            if cell.outline.guardedNames.contains(name) {
                return "`\(name)` comes from a `guard let` in \(place), and such a name stays inside its cell. "
                    + "Write `let \(name) = …` there instead, with `!` or `??`."
            }
            if cell.outline.declarations.contains(where: { $0.name == name && $0.isPrivate }) {
                return "`\(name)` is private to \(place), so other cells can't see it. Take `private` away there."
            }
        }
        return nil
    }

    private func suggestion(for name: String) -> String? {
        let own = translation.outline.declaredNames
        var candidates = translation.scope.liveNames.union(own)
        let modules = Set((translation.scope.imports + translation.outline.imports).map(\.module))
        for module in modules.union(["Swift"]) { candidates.formUnion(translation.commonNames[module] ?? []) }
        candidates.remove(name)
        // The very name, in a module that is not imported, is meant rather than one that is like it.
        let missing = translation.commonNames.filter { !modules.contains($0.key) && $0.key != "Swift" && $0.value.contains(name) }
        if let module = missing.keys.min() { return "It comes with the module `\(module)`: write `import \(module)` first." }
        guard let best = Spelling.nearest(to: name, in: candidates) else { return nil }
        if let (cell, _) = translation.scope.newestDeclaration(of: best), !own.contains(best) {
            return "Did you mean `\(best)` (from \(translation.name(ofCell: cell.id)))?"
        }
        return "Did you mean `\(best)`?"
    }

    private func unknownModule(_ name: String) -> String {
        let known = Set(translation.commonNames.keys).union(["Foundation"]).subtracting(["Swift"])
        let advice = Spelling.nearest(to: name, in: known).map { " Did you mean `\($0)`?" } ?? " Check its spelling."
        return "There is no module named `\(name)`." + advice
    }

    /// `var n = n + 1` over an earlier `n`, or a value that is missing.
    private func circular(_ raw: RawDiagnostic) -> String? {
        let places = [raw.place] + raw.notes.map(\.place)
        let lines = Set(places.compactMap { $0?.line })
        let declarations = translation.outline.declarations.filter { [.variable, .constant].contains($0.kind) && lines.contains($0.line) }
        for declaration in declarations {
            guard let (cell, _) = translation.scope.newestDeclaration(of: declaration.name) else { continue }
            return "This declares a new `\(declaration.name)`, which can't be made from itself. To change the `\(declaration.name)` "
                + "of \(translation.name(ofCell: cell.id)), leave `\(declaration.kind == .constant ? "let" : "var")` out; "
                + "to make another variable from it, choose another name."
        }
        // With nothing behind its `=`, a declaration takes the next line for its value.
        return declarations.first.map { "`\($0.name)` is made from itself, before it has a value: is something missing behind its `=`?" }
    }

    private func repeatedConformance(_ raw: RawDiagnostic, _ quoted: [String]) -> String? {
        let module = ModuleNames.all(in: raw.message).first
        let ids = raw.notes.compactMap { $0.place.flatMap { CellFile.id(ofPath: $0.file) } }
        guard quoted.count >= 2,
            let cell = translation.scope.cells.last(where: { $0.moduleName == module || ids.contains($0.id) })
        else { return nil }
        return "`\(quoted[0])` conforms to `\(quoted[1])` since \(translation.name(ofCell: cell.id)): change it there, and run that cell again."
    }

    /// What stands between single quotation marks.
    static func quoted(in message: String) -> [String] {
        var words: [String] = []
        var rest = Substring(message)
        while let open = rest.firstIndex(of: "'") {
            let behind = rest[rest.index(after: open)...]
            guard let close = behind.firstIndex(of: "'") else { break }
            words.append(String(behind[..<close]))
            rest = behind[behind.index(after: close)...]
        }
        return words
    }
}

extension String {
    fileprivate func tail(after marker: String) -> String {
        range(of: marker).map { String(self[$0.upperBound...]) } ?? self
    }
}
