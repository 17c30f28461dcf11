namespace DeepNet.Samples;

/// <summary>Guesses what a misspelt word was to be.</summary>
public static class Spelling
{
    /// <summary>" Did you mean …?" for the nearest word, or nothing if none is near.</summary>
    public static string Hint(string given, IEnumerable<string> known)
    {
        var nearest = known.Select(word => (Word: word, Distance: Distance(given, word))).OrderBy(w => w.Distance).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= Math.Max(1, given.Length / 3) ? $" Did you mean {nearest.Word}?" : "";
    }

    // How many letters must be added, taken away, changed or swapped with their neighbour.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
