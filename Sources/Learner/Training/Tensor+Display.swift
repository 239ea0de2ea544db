import Display

extension Tensor: CustomStringConvertible, Displayable {
    public var displayValue: DisplayValue { .text(description) }

    /// The numbers in brackets, with the middle of long axes left out, and the shape.
    public var description: String {
        if shape.isEmpty { return "\(scalars.first.map { "\($0)" } ?? "")" }
        if count == 0 { return "[] (shape \(shape))" }
        let shown = shownOffsets(axis: 0, offset: 0)
        let width = shown.map { number(scalars[$0]).count }.max() ?? 0
        return text(axis: 0, offset: 0, width: width, indent: "") + "  (shape \(shape))"
    }

    private static let edge = 3

    private func indices(axis: Int) -> [Int?] {
        let length = shape[axis]
        guard length > 2 * Tensor.edge + 1, count > 100 || length > 20 else { return Array(0..<length) }
        return Array(0..<Tensor.edge) + [nil] + Array(length - Tensor.edge..<length)
    }

    private func step(axis: Int) -> Int { shape[(axis + 1)...].reduce(1, *) }

    private func shownOffsets(axis: Int, offset: Int) -> [Int] {
        guard axis < shape.count else { return [offset] }
        return indices(axis: axis).compactMap { $0 }.flatMap { shownOffsets(axis: axis + 1, offset: offset + $0 * step(axis: axis)) }
    }

    private func number(_ value: Float) -> String {
        let magnitude = value.magnitude
        return magnitude != 0 && (magnitude < 1e-3 || magnitude >= 1e6) ? "\(value)" : fixed(Double(value), 4)
    }

    private func text(axis: Int, offset: Int, width: Int, indent: String) -> String {
        let isLast = axis == shape.count - 1
        let parts = indices(axis: axis).map { index -> String in
            guard let index else { return "…" }
            if isLast {
                let text = number(scalars[offset + index])
                return String(repeating: " ", count: Swift.max(0, width - text.count)) + text
            }
            return text(axis: axis + 1, offset: offset + index * step(axis: axis), width: width, indent: indent + " ")
        }
        return "[" + parts.joined(separator: isLast ? ", " : ",\n" + indent + " ") + "]"
    }
}
