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
        if let method = node.calledExpression.as(MemberAccessExprSyntax.self), let name = method.base.flatMap(root), !isTypeName(name) {
            names.insert(name)
        }
        return .visitChildren
    }

    private func note(_ target: ExprSyntax) {
        if let tuple = target.as(TupleExprSyntax.self) {
            for element in tuple.elements { note(element.expression) }
        } else if let name = root(target) {
            names.insert(name)
        }
    }

    private func isTypeName(_ name: String) -> Bool { name.first?.isUppercase ?? false }

    /// The name that a chain begins with: `table` of `table["a"]!.first?.count`.
    private func root(_ expression: ExprSyntax) -> String? {
        if let name = expression.as(DeclReferenceExprSyntax.self) { return bare(name.baseName.text) }
        if let member = expression.as(MemberAccessExprSyntax.self) { return member.base.flatMap(root) }
        if let element = expression.as(SubscriptCallExprSyntax.self) { return root(element.calledExpression) }
        if let unwrapped = expression.as(ForceUnwrapExprSyntax.self) { return root(unwrapped.expression) }
        if let chain = expression.as(OptionalChainingExprSyntax.self) { return root(chain.expression) }
        return nil
    }
}

extension ExprSyntax {
    /// Whether it is `=`, or an operator that ends so and does not compare.
    fileprivate var assigns: Bool {
        if `is`(AssignmentExprSyntax.self) { return true }
        guard let name = `as`(BinaryOperatorExprSyntax.self)?.operator.text else { return false }
        return name.hasSuffix("=") && !["==", "!=", "<=", ">=", "===", "!==", "~=", ".==", ".!=", ".<=", ".>="].contains(name)
    }
}
