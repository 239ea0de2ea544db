import Display
import Figures
import Foundation
import Terminal

/// Draws pictures of charts and diagrams on a thread of its own, since gnuplot takes its time; whoever asks before a
/// picture is there gets none, and is told when it is.
final class FigureDrawer {
    /// Pictures beyond this many are forgotten, the oldest first.
    private static let limit = 24

    private struct Order {
        var value: DisplayValue
        var columns, rows: Int
        var identifier: Int
        /// nil while it is drawn, empty when it can't be.
        var bytes: [UInt8]?
    }

    private let kind: PictureProtocol
    private let cell: (width: Int, height: Int)
    private let whenDrawn: () -> Void
    private let queue = DispatchQueue(label: "figures")
    private let lock = NSLock()
    private var orders: [Order] = []
    private var count = 0

    /// - Parameter cell: the pixels of a character's cell.
    init(_ kind: PictureProtocol, cell: (width: Int, height: Int), whenDrawn: @escaping () -> Void) {
        (self.kind, self.cell, self.whenDrawn) = (kind, cell, whenDrawn)
    }

    /// The picture of a value in at most so many columns and just so many rows, as soon as it is drawn.
    func picture(of value: DisplayValue, columns: Int, rows: Int) -> WorkView.Picture? {
        let columns = min(columns, max(10, Int(Double(rows * cell.height) * shape(of: value) / Double(cell.width))))
        return lock.withLock {
            if let order = orders.first(where: { $0.columns == columns && $0.rows == rows && $0.value == value }) {
                guard let bytes = order.bytes, !bytes.isEmpty else { return nil }
                return WorkView.Picture(identifier: order.identifier, columns: columns, bytes: bytes)
            }
            count += 1
            let order = Order(value: value, columns: columns, rows: rows, identifier: count)
            orders = orders.suffix(Self.limit - 1) + [order]
            queue.async { [weak self] in self?.draw(order) }
            return nil
        }
    }

    /// Width by height, as it was asked for.
    private func shape(of value: DisplayValue) -> Double {
        guard case .chart(let chart) = value, chart.size.count == 2, chart.size[1] > 0, chart.size[0] > 0 else { return 2 }
        return min(6, max(0.3, chart.size[0] / chart.size[1]))
    }

    private func draw(_ order: Order) {
        let bytes: [UInt8]? =
            switch kind {
            case .kitty, .iTerm: try? picture(of: order.value, as: .png)
            case .sixel: try? sixels(of: order.value, width: order.columns * cell.width, height: order.rows * cell.height)
            }
        lock.withLock {
            guard let index = orders.firstIndex(where: { $0.identifier == order.identifier }) else { return }
            orders[index].bytes = bytes ?? []
        }
        whenDrawn()
    }

    private func picture(of value: DisplayValue, as format: PictureFormat) throws -> [UInt8] { try Figures.picture(of: value, as: format) }
}
