namespace DeepNet.Plots;

/// <summary>Reads a formula in TeX piece by piece: commands, characters, groups as they stand.</summary>
internal sealed class TexReader(string text)
{
    private int place;

    /// <summary>Gets the place of the next piece, from 0.</summary>
    public int Place
    {
        get
        {
            SkipSpace();
            return place;
        }
    }

    /// <summary>Returns the next piece without going on: a command with its backslash, one character, or "" at the end.</summary>
    public string Peek()
    {
        SkipSpace();
        int at = place;
        string piece = Next();
        place = at;
        return piece;
    }

    /// <summary>Returns the next piece and goes on behind it.</summary>
    public string Next()
    {
        SkipSpace();
        if (place >= text.Length) return "";
        int start = place++;
        if (text[start] != '\\') return text[start..place];
        if (place >= text.Length) throw Error(start, "a backslash ends it");
        if (!char.IsAsciiLetter(text[place])) place++;
        else
            while (place < text.Length && char.IsAsciiLetter(text[place])) place++;
        return text[start..place];
    }

    /// <summary>Goes on behind a piece if it is the next one.</summary>
    public bool Take(string piece)
    {
        if (Peek() != piece) return false;
        Next();
        return true;
    }

    /// <summary>Goes on behind a piece that has to be here.</summary>
    public void Expect(string piece, string what)
    {
        int at = place;
        string found = Next();
        if (found != piece) throw Error(at, $"{what} needs {piece} here, and there is {(found.Length == 0 ? "the end" : found)}");
    }

    /// <summary>Returns the digits here, with a point between them.</summary>
    public string Digits()
    {
        int start = place;
        while (place < text.Length
            && (char.IsAsciiDigit(text[place])
                || (text[place] == '.' && place > start && place + 1 < text.Length && char.IsAsciiDigit(text[place + 1])))) place++;
        return text[start..place];
    }

    /// <summary>Returns what stands between braces, as it is.</summary>
    public string Words(string what)
    {
        Expect("{", what);
        int start = place, depth = 1;
        for (; place < text.Length; place++)
        {
            if (text[place] == '{') depth++;
            else if (text[place] == '}' && --depth == 0) return text[start..place++];
        }
        throw Error(start, $"the brace of {what} is not closed");
    }

    public ArgumentException Error(int at, string what) => new($"[report.formula] at {at} of \"{text}\": {what}.");

    private void SkipSpace()
    {
        while (place < text.Length && char.IsWhiteSpace(text[place])) place++;
    }
}
