using System.Text;

namespace DeepNet.Training.Tests.Logs;

/// <summary>
/// Reads event files by the published formats (records with masked CRC-32C; protocol buffer wire format; event.proto and summary.proto),
/// sharing no code with the writer: even the checksum is computed bit by bit.
/// </summary>
internal static class EventReader
{
    /// <summary>
    /// Everything that TensorBoard shows of a folder, as lines of tag, step and value, without what tells time: the files in the order of
    /// their names, where a restart discards what came before of its step and later ones. The end of a file may be torn, as a kill leaves
    /// it.
    /// </summary>
    public static List<string> OfRun(string folder)
    {
        var shown = new List<(long Step, string Line)>();
        if (!Directory.Exists(folder)) return [];
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            foreach (var e in Read(path, mayBeTorn: true))
            {
                long step = e.Has(2) ? e.Int(2) : 0;
                if (e.Has(7)) shown.RemoveAll(s => s.Step >= step);
                if (!e.Has(5)) continue;
                foreach (var value in e.Inner(5).All(1))
                {
                    if (value.Text(1) == "epoch/seconds") continue;
                    shown.Add((step, $"{value.Text(1)} {step} {(value.Has(2) ? $"{value.Float(2):R}" : "")}"));
                }
            }
        }
        return shown.ConvertAll(s => s.Line);
    }

    /// <summary>The fields of all events of a file. Throws where a record is not whole.</summary>
    public static List<Message> Read(string path, bool mayBeTorn = false)
    {
        byte[] bytes;
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        var events = new List<Message>();
        int at = 0;
        while (at < bytes.Length)
        {
            if (mayBeTorn && (bytes.Length - at < 16 || (ulong)(bytes.Length - at - 16) < BitConverter.ToUInt64(bytes, at))) break;
            int length = checked((int)BitConverter.ToUInt64(bytes, at));
            Assert.Equal(Masked(bytes[at..(at + 8)]), BitConverter.ToUInt32(bytes, at + 8));
            byte[] message = bytes[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(message), BitConverter.ToUInt32(bytes, at + 12 + length));
            events.Add(new Message(message));
            at += length + 16;
        }
        return events;
    }

    public static uint Masked(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        return unchecked((crc >> 15 | crc << 17) + 0xa282ead8u);
    }

    internal sealed class Message
    {
        private readonly Dictionary<int, List<object>> fields = [];

        public Message(byte[] bytes)
        {
            int at = 0;
            ulong Varint()
            {
                ulong value = 0;
                for (int shift = 0; ; shift += 7)
                {
                    byte b = bytes[at++];
                    value |= (ulong)(b & 127) << shift;
                    if (b < 128) return value;
                }
            }
            while (at < bytes.Length)
            {
                ulong key = Varint();
                object value;
                switch (key & 7)
                {
                    case 0: value = (long)Varint(); break;
                    case 1: value = BitConverter.ToDouble(bytes, at); at += 8; break;
                    case 5: value = BitConverter.ToSingle(bytes, at); at += 4; break;
                    case 2:
                        int length = (int)Varint();
                        value = bytes[at..(at + length)];
                        at += length;
                        break;
                    default: throw new InvalidDataException($"kind {key & 7}");
                }
                int field = (int)(key >> 3);
                if (!fields.TryGetValue(field, out var list)) fields[field] = list = [];
                list.Add(value);
            }
        }

        public bool Has(int field) => fields.ContainsKey(field);

        public long Int(int field) => (long)fields[field][0];

        public double Double(int field) => (double)fields[field][0];

        public float Float(int field) => (float)fields[field][0];

        public byte[] Bytes(int field) => (byte[])fields[field][0];

        public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        public Message Inner(int field) => new(Bytes(field));

        public IEnumerable<Message> All(int field)
            => fields.TryGetValue(field, out var list) ? list.Select(v => new Message((byte[])v)) : [];

        public double[] Doubles(int field)
        {
            byte[] bytes = Bytes(field);
            return [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToDouble(bytes, i * 8))];
        }
    }
}
