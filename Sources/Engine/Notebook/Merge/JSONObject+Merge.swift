extension JSONObject {
    /// Brings what two sides made of an object together, key by key.
    /// - Parameter theirKeys: the keys for which their value counts where both changed it; for all others it is ours.
    static func merging(base: JSONObject, ours: JSONObject, theirs: JSONObject, theirKeys: Set<String> = []) -> JSONObject {
        if ours == base { return theirs }
        if theirs == base || theirs == ours { return ours }
        var merged = ours
        for key in base.keys + theirs.keys {
            let (before, mine, their) = (base[key], ours[key], theirs[key])
            if mine == before || their != before && theirKeys.contains(key) { merged[key] = their }
        }
        return merged
    }
}
