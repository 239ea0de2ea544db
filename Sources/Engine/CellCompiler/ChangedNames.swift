@_implementationOnly import SwiftSyntax

/// Collects the names whose values a piece of code may change: those that it assigns to, in whole or in part, those that
/// it passes on with `&`, and those whose methods it calls (`words.append("x")`, `model.fit(…)`).
///
/// A method that only looks can't be told from one that changes, so this says too much rather than too little. Types
/// (`Int.random(in:)`) don't change by their methods.
final class ChangedNames: SyntaxVisitor {
    private(set) var names: Set<String> = []

    override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
        let elements = Array(node.elements)
        for (index, element) in elements.enumerated() where index > 0 && element.assigns { note(elements[index - 1]) }
        return .visitChildren
    }

    override func visit(_ node: InOutExprSyntax) -> SyntaxVisitorContinueKind {
        note(node.expression)
        return .visitChildren
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        if let method = node.calledExpression.as(MemberAccessExprSyntax.self), let name = method.base?.nameAtRoot(), !isTypeName(name) {
            names.insert(name)
        }
        return .visitChildren
    }

    private func note(_ target: ExprSyntax) {
        if let tuple = target.as(TupleExprSyntax.self) {
            for element in tuple.elements { note(element.expression) }
        } else if let name = target.nameAtRoot() {
            names.insert(name)
        }
    }

    private func isTypeName(_ name: String) -> Bool { name.first?.isUppercase ?? false }
}

extension ExprSyntax {
    /// The name that a chain begins with: `table` of `table["a"]!.first?.count`.
    /// - Parameter throughCalls: whether a call's result belongs to what was called: `model` of `model.layers().first`.
    func nameAtRoot(throughCalls: Bool = false) -> String? {
        func root(_ expression: ExprSyntax?) -> String? { expression?.nameAtRoot(throughCalls: throughCalls) }
        if let name = `as`(DeclReferenceExprSyntax.self) { return bare(name.baseName.text) }
        if let member = `as`(MemberAccessExprSyntax.self) { return root(member.base) }
        if let element = `as`(SubscriptCallExprSyntax.self) { return root(element.calledExpression) }
        if let unwrapped = `as`(ForceUnwrapExprSyntax.self) { return root(unwrapped.expression) }
        if let chain = `as`(OptionalChainingExprSyntax.self) { return root(chain.expression) }
        guard throughCalls else { return nil }
        if let call = `as`(FunctionCallExprSyntax.self) { return root(call.calledExpression) }
        if let attempt = `as`(TryExprSyntax.self) { return root(attempt.expression) }
        if let wait = `as`(AwaitExprSyntax.self) { return root(wait.expression) }
        if let tuple = `as`(TupleExprSyntax.self), tuple.elements.count == 1 { return root(tuple.elements.first?.expression) }
        return nil
    }

    /// Whether it is `=`, or an operator that ends so and does not compare.
    var assigns: Bool {
        if `is`(AssignmentExprSyntax.self) { return true }
        guard let name = `as`(BinaryOperatorExprSyntax.self)?.operator.text else { return false }
        return name.hasSuffix("=") && !["==", "!=", "<=", ">=", "===", "!==", "~=", ".==", ".!=", ".<=", ".>="].contains(name)
    }
}
