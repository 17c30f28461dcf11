namespace DeepNet.Fuzz.Mutation;

/// <summary>Names that programs stumble over.</summary>
public static class Names
{
    private static readonly string[] Odd =
    [
        "", " ", "/", "//", "a/", "/a", "..", "../../etc/passwd", "C:\\a", "a\0b", "\u001b[2J", "\u001b]0;title\u0007", "\u202egnp.exe",
            "\u009b31m", "名前", "😀", "\ufffd", "__metadata__",
        "model/", "model/weight", "default", "NaN", "-0", "1e999", "\"", "\\", "a,b", "a;b", "a\tb", "a\nb", "a\r\nb", "{0}", "%s%n",
            "<script>", "'; DROP TABLE", "\u2028", new('x', 300),
    ];

    public static string Any(Chance chance) => chance.OneIn(3) ? $"n{chance.Next(10)}" : chance.Pick(Odd);
}
