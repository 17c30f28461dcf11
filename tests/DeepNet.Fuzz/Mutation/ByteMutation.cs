namespace DeepNet.Fuzz.Mutation;

/// <summary>Damage to any bytes: flipped, cut out, doubled, moved, cut off.</summary>
public static class ByteMutation
{
    private const int MostAtOnce = 3, MostBytes = 24;

    /// <summary>Damages a file at a few places.</summary>
    public static byte[] Mutate(byte[] file, Chance chance)
    {
        var bytes = file.ToList();
        for (int times = chance.Next(1, MostAtOnce + 1); times > 0 && bytes.Count > 0; times--) Once(bytes, chance);
        return [.. bytes];
    }

    /// <summary>Cuts a file off.</summary>
    public static byte[] Truncate(byte[] file, Chance chance) => file[..chance.Next(file.Length + 1)];

    /// <summary>The begin of one file and the end of another.</summary>
    public static byte[] Splice(byte[] first, byte[] second, Chance chance)
        => [.. first[..chance.Next(first.Length + 1)], .. second[chance.Next(second.Length + 1)..]];

    private static void Once(List<byte> bytes, Chance chance)
    {
        int at = chance.Next(bytes.Count), count = Math.Min(chance.Next(1, MostBytes), bytes.Count - at);
        switch (chance.Next(6))
        {
            case 0: bytes[at] ^= (byte)(1 << chance.Next(8)); break;
            case 1: bytes[at] = chance.Pick(new byte[] { 0, 1, 0x7F, 0x80, 0xFF, (byte)chance.Next(256) }); break;
            case 2: bytes.RemoveRange(at, count); break;
            case 3: bytes.InsertRange(chance.Next(bytes.Count), bytes.GetRange(at, count)); break;
            case 4: bytes.InsertRange(at, chance.Bytes(count)); break;
            default: bytes.RemoveRange(at, bytes.Count - at); break;
        }
    }
}
