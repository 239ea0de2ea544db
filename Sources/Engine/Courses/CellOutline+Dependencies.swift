import CellCompiler

extension CellOutline {
    var importedModules: Set<String> { Set(imports.map(\.module)) }

    /// Whether it declares what other cells feel without naming it.
    var extendsTypes: Bool { declarations.contains { [.extension, .operator, .precedenceGroup].contains($0.kind) } }

    /// The names that it assigns to, in whole or in part (`x = 1`, `x += 1`, `table["bias"] = …`), or passes on with `&`.
    var assignedNames: Set<String> {
        var names: Set<String> = []
        for (index, token) in tokens.enumerated() where token.first.map({ $0.isLetter || $0 == "_" }) ?? false {
            if index > 0, tokens[index - 1] == "." { continue }
            if index > 0, tokens[index - 1] == "&" { names.insert(token); continue }
            var next = index + 1
            while next < tokens.count {
                if tokens[next] == ".", next + 1 < tokens.count { next += 2; continue }
                guard tokens[next] == "[" else { break }
                var depth = 0
                repeat {
                    if tokens[next] == "[" { depth += 1 }
                    if tokens[next] == "]" { depth -= 1 }
                    next += 1
                } while depth > 0 && next < tokens.count
            }
            if next < tokens.count, tokens[next].hasSuffix("="), !["==", "!=", "<=", ">=", "===", "!=="].contains(tokens[next]) { names.insert(token) }
        }
        return names
    }

    /// The constants that hold a value made by calling `type`, such as `let embeddings = Exercise(…)`.
    func constants(madeBy type: String) -> [String] {
        declarations.filter { $0.kind == .constant }.map(\.name).filter { name in
            tokens.indices.contains { index in
                tokens[index] == name && index + 2 < tokens.count && tokens[index + 1] == "=" && tokens[index + 2] == type
            }
        }
    }
}
