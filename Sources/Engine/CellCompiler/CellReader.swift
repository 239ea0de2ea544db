@_implementationOnly import SwiftParser
@_implementationOnly import SwiftSyntax

/// Reads a cell's outline with the toolchain's own Swift parser.
struct CellReader {
    private var outline = CellOutline()
    private let lines: LineTable

    static func outline(of text: String) -> CellOutline {
        var reader = CellReader(lines: LineTable(text))
        reader.read(Parser.parse(source: text))
        return reader.outline
    }

    private init(lines: LineTable) { self.lines = lines }

    private mutating func read(_ file: SourceFileSyntax) {
        outline.hasSyntaxErrors = file.hasError
        outline.isEmpty = file.statements.isEmpty
        for token in file.tokens(viewMode: .sourceAccurate) { read(token) }
        for item in file.statements { read(item) }
        if let last = file.statements.last { readLast(last) }
        let search = TopLevelSearch(viewMode: .sourceAccurate)
        search.walk(file)
        outline.usesTopLevelAwait = search.awaits
        outline.gainsFromOptimisation = search.gainsFromOptimisation
        outline.sourceLocationDirectives = search.sourceLocations
        let changes = ChangedNames(viewMode: .sourceAccurate)
        changes.walk(file)
        outline.changedNames = changes.names
        outline.items = CodeItem.items(of: file)
        outline.seeds = SeedCalls.all(in: file)
    }

    private mutating func read(_ token: TokenSyntax) {
        guard token.tokenKind != .endOfFile else { return }
        let text = token.text
        outline.tokens.append(text)
        // A text literal that looks like a gap is none.
        if text.hasPrefix("<#"), case .identifier = token.tokenKind {
            let place = lines.position(at: token.positionAfterSkippingLeadingTrivia.utf8Offset)
            outline.placeholders.append(
                .init(text: String(text.dropFirst(2).dropLast(text.hasSuffix("#>") ? 2 : 0)), line: place.line, column: place.column))
            return
        }
        switch token.tokenKind {
        case .identifier, .keyword, .binaryOperator, .prefixOperator, .postfixOperator:
            outline.uses.insert(bare(text))
        default: break
        }
    }

    private mutating func read(_ item: CodeBlockItemSyntax) {
        switch item.item {
        case .decl(let declaration): read(declaration)
        case .stmt(let statement):
            guard let guardStatement = statement.as(GuardStmtSyntax.self) else { return }
            for condition in guardStatement.conditions {
                if case .optionalBinding(let binding) = condition.condition {
                    outline.guardedNames.formUnion(names(binding.pattern).map { bare($0.text) })
                } else if case .matchingPattern(let pattern) = condition.condition {
                    let found = BoundNames(viewMode: .sourceAccurate)
                    found.walk(pattern.pattern)
                    outline.guardedNames.formUnion(found.names)
                }
            }
        default: break
        }
    }

    private mutating func read(_ declaration: DeclSyntax) {
        if let node = declaration.as(ImportDeclSyntax.self) {
            outline.imports.append(
                .init(
                    text: node.tokens(viewMode: .sourceAccurate).map(\.text).joinedAsImport(),
                    module: bare(node.path.first?.name.text ?? ""),
                    line: lines.position(at: node.positionAfterSkippingLeadingTrivia.utf8Offset).line))
        } else if let node = declaration.as(VariableDeclSyntax.self) {
            readVariables(node)
        } else if let node = declaration.as(FunctionDeclSyntax.self) {
            add(.function, node.name, node, node.modifiers) {
                $0.signature = Signature.of(node)
                $0.result = (node.signature.effectSpecifiers.map { compact($0) } ?? "") + (node.signature.returnClause.map { compact($0) } ?? "")
                $0.typeText = node.signature.trimmedDescription
                $0.isAsync = node.signature.effectSpecifiers?.asyncSpecifier != nil
                $0.hasOpaqueResult = node.signature.returnClause.map { $0.tokens(viewMode: .sourceAccurate).contains { $0.text == "some" } } ?? false
            }
        } else if let node = declaration.as(ExtensionDeclSyntax.self) {
            readExtension(node)
        } else if let node = declaration.as(StructDeclSyntax.self) {
            add(.structure, node.name, node, node.modifiers)
        } else if let node = declaration.as(ClassDeclSyntax.self) {
            add(.class, node.name, node, node.modifiers)
        } else if let node = declaration.as(ActorDeclSyntax.self) {
            add(.actor, node.name, node, node.modifiers)
        } else if let node = declaration.as(EnumDeclSyntax.self) {
            add(.enumeration, node.name, node, node.modifiers)
        } else if let node = declaration.as(ProtocolDeclSyntax.self) {
            add(.protocol, node.name, node, node.modifiers)
        } else if let node = declaration.as(TypeAliasDeclSyntax.self) {
            add(.typealias, node.name, node, node.modifiers)
        } else if let node = declaration.as(OperatorDeclSyntax.self) {
            add(.operator, node.name, node, []) {
                $0.signature = node.fixitySpecifier.text + " " + (node.operatorPrecedenceAndTypes?.precedenceGroup.text ?? "DefaultPrecedence")
            }
        } else if let node = declaration.as(PrecedenceGroupDeclSyntax.self) {
            add(.precedenceGroup, node.name, node, []) { $0.signature = compact(node) }
        } else if let node = declaration.as(MacroDeclSyntax.self) {
            add(.macro, node.name, node, node.modifiers)
        } else if let node = declaration.as(IfConfigDeclSyntax.self) {
            for clause in node.clauses {
                if case .statements(let items) = clause.elements { for item in items { read(item) } }
            }
        }
    }

    private mutating func readVariables(_ node: VariableDeclSyntax) {
        let isAsync = node.modifiers.contains { $0.name.text == "async" }
        let isIsolated = node.modifiers.contains { $0.name.text == "nonisolated" } || node.attributes.contains {
            $0.trimmedDescription.hasSuffix("Actor")
        }
        for binding in node.bindings {
            // The type of `a` in `let a, b: Int` stands behind the last name.
            let type = binding.typeAnnotation ?? node.bindings.last?.typeAnnotation
            for name in names(binding.pattern) {
                add(node.bindingSpecifier.text == "let" ? .constant : .variable, name, node, node.modifiers) {
                    $0.typeText = binding.pattern.is(IdentifierPatternSyntax.self) ? type?.type.trimmedDescription : nil
                    $0.isPrivate = $0.isPrivate || isAsync
                }
            }
        }
        if !isAsync && !isIsolated {
            outline.variableOffsets.append(place(node, node.modifiers).offset)
        }
    }

    private mutating func readExtension(_ node: ExtensionDeclSyntax) {
        let type = bare(node.extendedType.trimmedDescription)
        add(.extension, node.extendedType.firstToken(viewMode: .sourceAccurate) ?? node.extensionKeyword, node, node.modifiers) {
            $0.name = type
            $0.typeText = node.inheritanceClause.map { compact($0) }
        }
        let constraint = node.genericWhereClause.map { compact($0) } ?? ""
        var witnesses: [(access: CellOutline.AccessPlace, mentions: Set<String>)] = []
        for member in node.memberBlock.members {
            guard let declaration = member.decl.asProtocol((any WithModifiersSyntax).self) else { continue }
            let access = place(declaration, declaration.modifiers)
            let isPrivate = node.modifiers.isPrivate || declaration.modifiers.isPrivate
            if !isPrivate && access.existing == nil {
                witnesses.append((access, Signature.mentions(member.decl)))
            }
            for (name, signature) in Signature.ofMember(member.decl) {
                outline.members.append(
                    .init(type: type, name: name, signature: signature + constraint, access: access, isPrivate: isPrivate))
            }
        }
        if let clause = node.inheritanceClause {
            outline.witnessExtensions.append(
                .init(
                    type: type, protocols: clause.inheritedTypes.map { bare($0.type.trimmedDescription) }, members: witnesses))
        }
    }

    private mutating func add(
        _ kind: CellOutline.Declaration.Kind, _ name: TokenSyntax, _ node: some DeclSyntaxProtocol,
        _ modifiers: DeclModifierListSyntax, _ complete: (inout CellOutline.Declaration) -> Void = { _ in }
    ) {
        let at = lines.position(at: name.positionAfterSkippingLeadingTrivia.utf8Offset)
        var declaration = CellOutline.Declaration(
            kind: kind, name: bare(name.text), line: at.line, column: at.column, isPrivate: modifiers.isPrivate)
        declaration.access = place(node, modifiers)
        declaration.range = node.positionAfterSkippingLeadingTrivia.utf8Offset
            ..< node.endPositionBeforeTrailingTrivia.utf8Offset
        complete(&declaration)
        outline.declarations.append(declaration)
    }

    /// Behind the attributes, before the first modifier or the keyword.
    private func place(_ node: some SyntaxProtocol, _ modifiers: DeclModifierListSyntax) -> CellOutline.AccessPlace {
        let existing = modifiers.first { ["public", "internal", "package", "open"].contains($0.name.text) }
        var offset = node.positionAfterSkippingLeadingTrivia.utf8Offset
        let attributes = node.asProtocol((any WithAttributesSyntax).self)?.attributes
        if let first = modifiers.first {
            offset = first.positionAfterSkippingLeadingTrivia.utf8Offset
        } else if let attributes, !attributes.isEmpty, let next = attributes.lastToken(viewMode: .sourceAccurate)?.nextToken(viewMode: .sourceAccurate) {
            offset = next.positionAfterSkippingLeadingTrivia.utf8Offset
        }
        return .init(
            offset: offset,
            existing: existing.map {
                $0.positionAfterSkippingLeadingTrivia.utf8Offset..<$0.endPositionBeforeTrailingTrivia.utf8Offset
            })
    }

    /// An expression at the end is shown, unless it assigns, decides a branch or ends in a semicolon.
    private mutating func readLast(_ item: CodeBlockItemSyntax) {
        guard case .expr(let expression) = item.item, !expression.isStatementLike else { return }
        let range = item.positionAfterSkippingLeadingTrivia.utf8Offset..<item.endPositionBeforeTrailingTrivia.utf8Offset
        if item.semicolon == nil { outline.lastExpression = range } else { outline.silencedExpression = range }
    }
}

extension ExprSyntax {
    fileprivate var isStatementLike: Bool {
        if `is`(IfExprSyntax.self) || `is`(SwitchExprSyntax.self) { return true }
        if let macro = `as`(MacroExpansionExprSyntax.self) { return ["warning", "error"].contains(macro.macroName.text) }
        if let attempt = `as`(TryExprSyntax.self) { return attempt.expression.isStatementLike }
        if let wait = `as`(AwaitExprSyntax.self) { return wait.expression.isStatementLike }
        if let sequence = `as`(SequenceExprSyntax.self) {
            return sequence.elements.contains { $0.is(AssignmentExprSyntax.self) }
        }
        return false
    }
}

extension DeclModifierListSyntax {
    fileprivate var isPrivate: Bool { contains { ["private", "fileprivate"].contains($0.name.text) && $0.detail == nil } }
}

extension [String] {
    /// `import struct Foundation . Date` with the points drawn together.
    fileprivate func joinedAsImport() -> String {
        var result = ""
        for token in self {
            let isTight = token == "." || token == "(" || token == ")" || result.hasSuffix(".") || result.hasSuffix("@") || result.hasSuffix("(")
            result += (isTight || result.isEmpty ? "" : " ") + token
        }
        return result
    }
}

/// A name without its backticks.
func bare(_ name: String) -> String {
    name.count > 2 && name.hasPrefix("`") && name.hasSuffix("`") ? String(name.dropFirst().dropLast()) : name
}

private func names(_ pattern: PatternSyntax) -> [TokenSyntax] {
    if let single = pattern.as(IdentifierPatternSyntax.self) { return [single.identifier] }
    if let tuple = pattern.as(TuplePatternSyntax.self) { return tuple.elements.flatMap { names($0.pattern) } }
    return []
}

/// The names that a `case` pattern binds.
private final class BoundNames: SyntaxVisitor {
    var names: Set<String> = []
    override func visit(_ node: IdentifierPatternSyntax) -> SyntaxVisitorContinueKind {
        names.insert(bare(node.identifier.text))
        return .skipChildren
    }
}

/// Looks for what the code at the top level does, apart from the bodies of functions, closures and types.
private final class TopLevelSearch: SyntaxVisitor {
    var awaits = false
    var gainsFromOptimisation = false
    var sourceLocations: [Range<Int>] = []
    private var depth = 0

    private func enter() -> SyntaxVisitorContinueKind {
        gainsFromOptimisation = true
        depth += 1
        return .visitChildren
    }
    private func leave() { depth -= 1 }

    override func visit(_ node: AwaitExprSyntax) -> SyntaxVisitorContinueKind {
        if depth == 0 { awaits = true }
        return .visitChildren
    }
    override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
        gainsFromOptimisation = true
        if depth == 0 && node.awaitKeyword != nil { awaits = true }
        return .visitChildren
    }
    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
        if depth == 0 && node.modifiers.contains(where: { $0.name.text == "async" }) { awaits = true }
        return .visitChildren
    }
    override func visit(_ node: WhileStmtSyntax) -> SyntaxVisitorContinueKind { loop() }
    override func visit(_ node: RepeatStmtSyntax) -> SyntaxVisitorContinueKind { loop() }
    private func loop() -> SyntaxVisitorContinueKind {
        gainsFromOptimisation = true
        return .visitChildren
    }
    override func visit(_ node: PoundSourceLocationSyntax) -> SyntaxVisitorContinueKind {
        sourceLocations.append(
            node.positionAfterSkippingLeadingTrivia.utf8Offset..<node.endPositionBeforeTrailingTrivia.utf8Offset)
        return .skipChildren
    }

    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { enter() }
    override func visitPost(_ node: ClosureExprSyntax) { leave() }
    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { enter() }
    override func visitPost(_ node: FunctionDeclSyntax) { leave() }
    override func visit(_ node: AccessorBlockSyntax) -> SyntaxVisitorContinueKind { enter() }
    override func visitPost(_ node: AccessorBlockSyntax) { leave() }
    override func visit(_ node: MemberBlockSyntax) -> SyntaxVisitorContinueKind { enter() }
    override func visitPost(_ node: MemberBlockSyntax) { leave() }
}
