/// A colour with 8 bits a channel.
public struct Color: Equatable, Hashable, Sendable {
    public var red, green, blue: UInt8

    /// A colour from its number, for example `Color(0x33cc33)`.
    public init(_ number: UInt32) {
        red = UInt8(truncatingIfNeeded: number >> 16)
        green = UInt8(truncatingIfNeeded: number >> 8)
        blue = UInt8(truncatingIfNeeded: number)
    }

    /// Six hexadecimal digits, without a sign before them.
    public var hexadecimal: String {
        [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The colours of series: those of Okabe and Ito, which people with the common kinds of colour blindness can
/// tell apart, in an order that keeps neighbours far from each other in lightness too.
public enum Palette {
    public static let colors: [Color] = [
        Color(0x0072b2), Color(0xd55e00), Color(0x009e73), Color(0xcc79a7), Color(0xe69f00), Color(0x56b4e9),
        Color(0x7f7f7f),
    ]

    /// The colour with an index; after the last they start again.
    public static func color(_ index: Int) -> Color {
        colors[((index % colors.count) + colors.count) % colors.count]
    }
}
