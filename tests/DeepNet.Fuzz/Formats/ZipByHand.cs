using System.Buffers.Binary;
using System.Text;

namespace DeepNet.Fuzz.Formats;

/// <summary>
/// Writes zip archives from the format's description, in which single fields lie: sizes, offsets, methods, flags, ZIP64's long numbers.
/// </summary>
internal static class ZipByHand
{
    private const ushort Zip64Id = 1, Stored = 0;

    public static byte[] Write(IReadOnlyList<(string Name, byte[] Contents)> entries, Chance chance)
    {
        var zip = new MemoryStream();
        var directory = new MemoryStream();
        int lie = chance.Next(40), field = 0;             // one field of all lies, if there are so many
        int count = 0;
        foreach (var (name, contents) in entries)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name), extra = [];
            bool isLong = chance.OneIn(2);
            long at = zip.Position;
            if (isLong)
            {
                var longNumbers = new MemoryStream();
                Put(longNumbers, 2, Zip64Id);
                Put(longNumbers, 2, Number(24));
                Put(longNumbers, 8, Number(contents.Length));
                Put(longNumbers, 8, Number(contents.Length));
                Put(longNumbers, 8, Number(at));
                extra = longNumbers.ToArray();
            }
            Header(zip, 0x04034B50, isCentral: false, bytes, [], contents.Length, at);
            zip.Write(contents);
            Header(
                directory, 0x02014B50, isCentral: true, bytes, extra, isLong ? uint.MaxValue : contents.Length,
                isLong ? uint.MaxValue : at);
            count++;
        }
        long start = zip.Position;
        zip.Write(directory.ToArray());
        bool isZip64 = chance.OneIn(2);
        if (isZip64)
        {
            long record = zip.Position;
            Put(zip, 4, 0x06064B50);
            Put(zip, 8, Number(44));
            Put(zip, 2, 45);
            Put(zip, 2, 45);
            Put(zip, 4, Number(0));
            Put(zip, 4, Number(0));
            Put(zip, 8, Number(count));
            Put(zip, 8, Number(count));
            Put(zip, 8, Number(directory.Length));
            Put(zip, 8, Number(start));
            Put(zip, 4, 0x07064B50);
            Put(zip, 4, Number(0));
            Put(zip, 8, Number(record));
            Put(zip, 4, Number(1));
        }
        Put(zip, 4, 0x06054B50);
        Put(zip, 2, Number(0));
        Put(zip, 2, Number(0));
        Put(zip, 2, isZip64 ? ushort.MaxValue : Number(count));
        Put(zip, 2, isZip64 ? ushort.MaxValue : Number(count));
        Put(zip, 4, isZip64 ? uint.MaxValue : Number(directory.Length));
        Put(zip, 4, isZip64 ? uint.MaxValue : Number(start));
        Put(zip, 2, Number(0));
        return zip.ToArray();

        long Number(long right) => field++ == lie ? chance.Odd() : right;

        void Header(Stream to, uint signature, bool isCentral, byte[] name, byte[] extra, long size, long at)
        {
            Put(to, 4, signature);
            if (isCentral) Put(to, 2, 45);
            Put(to, 2, Number(45));
            Put(to, 2, field++ == lie ? 1L << chance.Next(16) : 0);          // flags: encrypted, sizes behind the data…
            Put(to, 2, field++ == lie ? chance.Next(100) : Stored);
            Put(to, 4, Number(0));
            Put(to, 4, Number(0));
            Put(to, 4, Number(size));
            Put(to, 4, Number(size));
            Put(to, 2, Number(name.Length));
            Put(to, 2, Number(extra.Length));
            if (isCentral)
            {
                Put(to, 2, Number(0));
                Put(to, 2, Number(0));
                Put(to, 2, 0);
                Put(to, 4, Number(0));
                Put(to, 4, Number(at));
            }
            to.Write(name);
            to.Write(extra);
        }
    }

    private static void Put(Stream stream, int bytes, long number)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(word, number);
        stream.Write(word[..bytes]);
    }
}
