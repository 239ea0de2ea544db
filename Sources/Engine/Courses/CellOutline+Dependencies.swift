import CellCompiler

extension CellOutline {
    var importedModules: Set<String> { Set(imports.map(\.module)) }

    /// The constants that other files see and that hold a value made by calling `type`: `let vectors = Exercise(…)`, or
    /// `let vectors: Exercise = .init(…)`.
    func constants(madeBy type: String) -> [String] {
        declarations.filter { $0.kind == .constant && !$0.isPrivate }.filter { declaration in
            declaration.typeText == type || tokens.indices.contains { tokens[$0...].starts(with: [declaration.name, "=", type, "("]) }
        }.map(\.name)
    }
}
