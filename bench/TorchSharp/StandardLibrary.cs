using System.Runtime.InteropServices;
using System.Text;

namespace DeepNet.Bench.Anchor;

/// <summary>
/// TorchSharp's native library asks for version GLIBCXX_3.4.32 of the C++ library, for one symbol, which only says that the streams
/// initialise themselves. Where the system's is older (Debian 12), the copy beside this program is made to ask for a symbol that has
/// always been there, and that initialises them. Nothing that is timed changes.
/// </summary>
internal static class StandardLibrary
{
    private const string Version = "GLIBCXX_3.4.32", OldVersion = "GLIBCXX_3.4";
    private const string Symbol = "_ZSt21ios_base_library_initv", OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    public static void Adapt()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out nint system) || NativeLibrary.TryGetExport(system, Symbol, out _)) return;
        byte[] library = File.ReadAllBytes(path);
        int symbol = Find(library, Symbol);
        if (symbol < 0) return;     // done by an earlier run
        Encoding.ASCII.GetBytes(OldSymbol + '\0').CopyTo(library, symbol);

        // An entry of the table of needed versions: hash, flags and index, and the place of the name among the strings.
        int entry = library.AsSpan().IndexOf((byte[])[.. BitConverter.GetBytes(Hash(Version)), 0, 0]);
        int strings = Find(library, Version) - BitConverter.ToInt32(library, entry + 8);
        BitConverter.GetBytes(Hash(OldVersion)).CopyTo(library, entry);
        BitConverter.GetBytes(Find(library, OldVersion) - strings).CopyTo(library, entry + 8);

        string changed = path + ".tmp";     // the file itself may be a link into the package cache
        File.WriteAllBytes(changed, library);
        File.Move(changed, path, overwrite: true);
    }

    /// <summary>The place of a string between two zeros; -1 if it is not there.</summary>
    private static int Find(ReadOnlySpan<byte> library, string text)
    {
        int before = library.IndexOf(Encoding.ASCII.GetBytes('\0' + text + '\0'));
        return before < 0 ? -1 : before + 1;
    }

    /// <summary>The hash of a version's name in the ELF format.</summary>
    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
