/// A number that a chart can place on an axis. A missing number (`nil`) leaves a gap.
public protocol ChartNumber {
    /// The position on the axis; not a number where there is none.
    var chartNumber: Double { get }
}

extension Double: ChartNumber { public var chartNumber: Double { self } }
extension Float: ChartNumber { public var chartNumber: Double { Double(self) } }
extension Int: ChartNumber { public var chartNumber: Double { Double(self) } }
extension Int32: ChartNumber { public var chartNumber: Double { Double(self) } }
extension Int64: ChartNumber { public var chartNumber: Double { Double(self) } }
extension UInt: ChartNumber { public var chartNumber: Double { Double(self) } }
extension UInt8: ChartNumber { public var chartNumber: Double { Double(self) } }
extension UInt64: ChartNumber { public var chartNumber: Double { Double(self) } }

extension Optional: ChartNumber where Wrapped: ChartNumber {
    public var chartNumber: Double { self?.chartNumber ?? .nan }
}
