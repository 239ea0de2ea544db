@_implementationOnly import SwiftSyntax

/// What tells overloads of one name apart, as text: two declarations with one signature can't both be meant.
enum Signature {
    static func of(_ function: FunctionDeclSyntax) -> String {
        "func(" + parameters(function.signature.parameterClause, generics: function.genericParameterClause)
            + ")" + (function.genericWhereClause.map { compact($0) } ?? "")
    }

    /// The names and signatures that a member declares.
    static func ofMember(_ member: DeclSyntax) -> [(name: String, signature: String)] {
        let scope = member.asProtocol((any WithModifiersSyntax).self)?.modifiers
            .contains { ["static", "class"].contains($0.name.text) } ?? false ? "static " : ""
        if let function = member.as(FunctionDeclSyntax.self) {
            return [(bare(function.name.text), scope + of(function))]
        }
        if let variable = member.as(VariableDeclSyntax.self) {
            return variable.bindings.compactMap { $0.pattern.as(IdentifierPatternSyntax.self) }
                .map { (bare($0.identifier.text), scope + "var") }
        }
        if let initializer = member.as(InitializerDeclSyntax.self) {
            return [("init", "init(" + parameters(initializer.signature.parameterClause, generics: initializer.genericParameterClause) + ")")]
        }
        if let subscripting = member.as(SubscriptDeclSyntax.self) {
            return [("subscript", scope + "subscript(" + parameters(subscripting.parameterClause, generics: subscripting.genericParameterClause) + ")")]
        }
        if let alias = member.as(TypeAliasDeclSyntax.self) { return [(bare(alias.name.text), "typealias")] }
        if let type = member.asProtocol((any NamedDeclSyntax).self) { return [(bare(type.name.text), "type")] }
        return []
    }

    /// The type names that a member's interface mentions, its body left out.
    static func mentions(_ member: DeclSyntax) -> Set<String> {
        var nodes: [any SyntaxProtocol] = []
        if let function = member.as(FunctionDeclSyntax.self) {
            nodes = [function.signature]
        } else if let variable = member.as(VariableDeclSyntax.self) {
            nodes = variable.bindings.compactMap(\.typeAnnotation)
        } else if let initializer = member.as(InitializerDeclSyntax.self) {
            nodes = [initializer.signature]
        } else if let subscripting = member.as(SubscriptDeclSyntax.self) {
            nodes = [subscripting.parameterClause, subscripting.returnClause]
        } else if let alias = member.as(TypeAliasDeclSyntax.self) {
            nodes = [alias.initializer]
        }
        return Set(nodes.flatMap { $0.tokens(viewMode: .sourceAccurate).map { bare($0.text) } })
    }

    /// Labels and types; a generic parameter is named by its place, so that `<T>` and `<U>` are one.
    private static func parameters(_ clause: FunctionParameterClauseSyntax, generics: GenericParameterClauseSyntax?) -> String {
        var places: [String: String] = [:]
        for (index, parameter) in (generics?.parameters ?? []).enumerated() { places[parameter.name.text] = "$\(index)" }
        return clause.parameters.map { parameter in
            let type = parameter.type.tokens(viewMode: .sourceAccurate).map { places[$0.text] ?? $0.text }.joined()
            return bare(parameter.firstName.text) + ":" + type + (parameter.ellipsis == nil ? "" : "...")
        }.joined(separator: ",")
            + (generics?.parameters.enumerated().map { "<\($0):" + ($1.inheritedType?.trimmedDescription ?? "") + ">" }.joined() ?? "")
    }
}

/// A node's tokens without what stands between them.
func compact(_ node: some SyntaxProtocol) -> String {
    node.tokens(viewMode: .sourceAccurate).map(\.text).joined(separator: " ")
}
