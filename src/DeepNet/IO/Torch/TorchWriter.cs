using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace DeepNet.IO;

/// <summary>Writes an OrderedDict of tensors as <c>torch.save</c> does: an archive of a pickle and of a storage for each tensor.</summary>
internal sealed class TorchWriter
{
    // The first date that archives can have: the same tensors make the same file.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<byte> pickle = [];

    /// <summary>Checks the names, and gets what writes the file.</summary>
    public static Action<Stream> Of(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var list = tensors.ToList();
        var names = new HashSet<string>();
        foreach (var (name, _) in list)
        {
            SafeTensors.CheckText(name, "the name");
            if (!names.Add(name)) throw new ArgumentException($"[{TorchFile.Format}] the name {Damage.Quote(name)} occurs twice.");
        }
        byte[] pickle = new TorchWriter().Pickle(list);
        return stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            void Add(string name, Action<Stream> write)
            {
                var entry = archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression);
                entry.LastWriteTime = Time;
                using var to = entry.Open();
                write(to);
            }
            Add("data.pkl", to => to.Write(pickle));
            Add("byteorder", to => to.Write("little"u8));
            foreach (var (i, (_, tensor)) in list.Index())
                Add(string.Create(CultureInfo.InvariantCulture, $"data/{i}"), to => Elements.Visit(tensor, to.Write));
            Add("version", to => to.Write("3\n"u8));
        };
    }

    private byte[] Pickle(List<KeyValuePair<string, Tensor>> tensors)
    {
        Op("\x80\x02");
        NewDictionary();
        Op("(");
        for (int i = 0; i < tensors.Count; i++)
        {
            var (name, tensor) = tensors[i];
            Text(name);
            Global("torch._utils", "_rebuild_tensor_v2");
            Op("((");
            Text("storage");
            string storage = TorchTypes.StorageOf(tensor.DType);
            Global("torch", storage["torch.".Length..]);
            Text(i.ToString(CultureInfo.InvariantCulture));
            Text("cpu");
            Number(tensor.Count);
            Op("tQ");
            Number(0);
            Tuple(tensor.Shape.Select(length => (nint)length));
            Tuple(tensor.Shape.RowMajor);
            Op("\x89");
            NewDictionary();
            Op("tR");
        }
        Op("u.");
        return [.. pickle];
    }

    private void NewDictionary()
    {
        Global("collections", "OrderedDict");
        Op(")R");
    }

    private void Tuple(IEnumerable<nint> numbers)
    {
        Op("(");
        foreach (nint number in numbers) Number(number);
        Op("t");
    }

    private void Global(string module, string name) => Op($"c{module}\n{name}\n");

    private void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op("X");
        Put(bytes.Length, sizeof(int));
        pickle.AddRange(bytes);
    }

    private void Number(long number)
    {
        Op("\x8a\x08");
        Put(number, sizeof(long));
    }

    private void Op(string codes) => pickle.AddRange(Encoding.Latin1.GetBytes(codes));

    private void Put(long number, int bytes)
    {
        Span<byte> all = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(all, number);
        pickle.AddRange(all[..bytes]);
    }
}
