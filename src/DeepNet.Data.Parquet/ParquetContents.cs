using System.Buffers.Binary;
using System.Globalization;
using DeepNet.Data.Files;
using Parquet;
using Parquet.Schema;
using ColumnMetaData = Parquet.Meta.ColumnMetaData;

namespace DeepNet.Data.ParquetFiles;

/// <summary>
/// A Parquet file that anybody may have made: what it says of itself is held against the limits before anything is read, and whatever the
/// library throws becomes a <see cref="DataFormatException"/>.
/// </summary>
internal sealed class ParquetContents : IDisposable
{
    private const int TailBytes = 8, MostPageHeader = 1 << 16, MostFooter = 256 << 20;

    private readonly string path;
    private readonly ParquetTableOptions options;
    private readonly Stream stream;
    private readonly ParquetReader reader;
    private readonly DataField[] fields;

    public ParquetContents(string path, ParquetTableOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        (this.path, this.options) = (path, options);
        stream = DataFile.At(path).Open();
        try
        {
            Guarded(() => Task.FromResult(CheckFooter()));
            reader = Guarded(() => ParquetReader.CreateAsync(stream));
            fields = Chosen(Guarded(() => Task.FromResult(reader.Schema.Fields)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the number of groups of rows.</summary>
    public int Groups => reader.RowGroupCount;

    /// <summary>Reads the rows of some groups.</summary>
    public Table Read(int from, int to)
    {
        long rows = Measure(from, to);
        var columns = new List<TableColumn>();
        foreach (var field in fields)
        {
            bool isText = IsText(field.ClrType);
            double[] numbers = isText ? [] : new double[rows];
            string?[] texts = isText ? new string?[rows] : [];
            int at = 0;
            for (int g = from; g < to; g++)
            {
                using var group = Guarded(() => Task.FromResult(reader.OpenRowGroupReader(g)));
                int count = (int)group.RowCount;
                if (isText) Guarded(() => Texts(group, field, texts.AsMemory(at, count)));
                else Guarded(() => Numbers(group, field, numbers.AsMemory(at, count)));
                at += count;
            }
            columns.Add(Made(field.Name, numbers, texts, isText));
        }
        return new Table(columns, path);
    }

    public void Dispose()
    {
        if (reader is not null) Guarded(() => reader.DisposeAsync().AsTask().ContinueWith(_ => 0, TaskScheduler.Default));
        stream.Dispose();
    }

    private DataField[] Chosen(IReadOnlyList<Field> all)
    {
        if (all.Count > options.Limits.MaxColumns)
            throw Wrong(
                $"there are {all.Count} columns, and {nameof(DataLimits)}.{nameof(DataLimits.MaxColumns)} is {options.Limits.MaxColumns}.");
        string[] names = [.. all.Select(field => field.Name)];
        foreach (string name in options.Columns.Concat(options.Kinds.Keys))
            if (!names.Contains(name)) throw Table.Missing(path, name, names);
        var chosen = options.Columns.Count == 0 ? all : [.. options.Columns.Select(name => all.First(field => field.Name == name))];
        return [.. chosen.Select(field => field is DataField { IsArray: false, MaxRepetitionLevel: 0 } flat && IsKnown(flat.ClrType) ? flat
            : throw Wrong(
                $"column '{TableColumn.Short(field.Name)}' is {(field is DataField other ? other.ClrType.Name : $"a {field.SchemaType}")}"
                    + ", which is no column of a table. Choose other columns."))];
    }

    // What the file says: of rows, which few bytes can claim many of, and of unpacked bytes.
    private long Measure(int from, int to)
    {
        Int128 rows = 0, bytes = 0;
        for (int g = from; g < to; g++)
        {
            using var group = Guarded(() => Task.FromResult(reader.OpenRowGroupReader(g)));
            if (group.RowCount < 0) throw Wrong($"group {g} has {group.RowCount} rows.");
            rows += group.RowCount;
            foreach (var field in fields) bytes += Guarded(() => Task.FromResult(Unpacked(group.GetMetadata(field)?.MetaData)));
        }
        bytes = Int128.Max(bytes, rows * fields.Length * sizeof(double));
        if (bytes > options.Limits.MaxUnpackedBytes || rows > Array.MaxLength)
            throw Wrong(
                $"{rows} rows of {fields.Length} columns take {bytes} bytes, and {nameof(DataLimits)}."
                    + $"{nameof(DataLimits.MaxUnpackedBytes)} is {options.Limits.MaxUnpackedBytes}. Choose columns, or read "
                    + "group by group.");
        return (long)rows;
    }

    // The end of the file says where its description begins.
    private int CheckFooter()
    {
        byte[] tail = new byte[TailBytes];
        if (stream.Length < 2 * TailBytes) throw new InvalidDataException("it is too short");
        stream.Seek(-TailBytes, SeekOrigin.End);
        stream.ReadExactly(tail);
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail.AsSpan().EndsWith("PAR1"u8)) throw new InvalidDataException("it does not end as a Parquet file does");
        if (length < 0 || length > Math.Min(stream.Length - TailBytes, MostFooter))
            throw new InvalidDataException("its description has a wrong length");
        byte[] footer = new byte[length];
        stream.Seek(-TailBytes - length, SeekOrigin.End);
        stream.ReadExactly(footer);
        new ThriftCheck(footer).Structure("File");
        stream.Position = 0;
        return 0;
    }

    // Goes from page to page of a column, and counts what they unpack to.
    private long Unpacked(ColumnMetaData? column)
    {
        if (column is null) return 0;
        long at = Math.Min(column.DataPageOffset, column.DictionaryPageOffset is > 0 and var first ? first : long.MaxValue), sum = 0;
        long end = at + column.TotalCompressedSize;
        if (at < 0 || column.TotalCompressedSize < 0 || end > stream.Length) throw new InvalidDataException("a column lies outside of it");
        byte[] buffer = new byte[(int)Math.Min(MostPageHeader, column.TotalCompressedSize)];
        while (at < end)
        {
            stream.Position = at;
            var head = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at));
            stream.ReadExactly(head);
            var check = new ThriftCheck(head);
            check.Structure("Page");
            var (unpacked, packed) = check.Sizes;
            if (unpacked < 0 || packed < 0 || packed > end - at - check.At) throw new InvalidDataException("a page has a wrong size");
            sum += unpacked;
            at += check.At + packed;
        }
        return Math.Max(sum, column.TotalUncompressedSize);
    }

    private TableColumn Made(string name, double[] numbers, string?[] texts, bool isText)
    {
        if (!options.Kinds.TryGetValue(name, out var kind))
        {
            kind = isText ? ColumnKind.Category : ColumnKind.Number;
            int different = isText ? texts.Where(text => text is not null).Distinct().Count() : 0;
            if (different > options.MostCategories)
                throw Wrong(
                    $"column '{TableColumn.Short(name)}' has {different} different texts, too many for categories that nobody announced. "
                        + $"Leave it out, or say what it is: Kinds = {{ [\"{TableColumn.Short(name)}\"] = ColumnKind.Category }}.");
        }
        if (kind == ColumnKind.Number)
            return isText ? throw Wrong($"column '{TableColumn.Short(name)}' holds texts, not numbers.") : TableColumn.Of(name, numbers);
        return TableColumn.Of(
            name, isText ? texts : numbers.Select(v => double.IsNaN(v) ? null : v.ToString(CultureInfo.InvariantCulture)), kind);
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlyMemory<char>);

    private static bool IsKnown(Type type)
        => IsText(type) || type == typeof(bool) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(TimeSpan)
            || type == typeof(DateOnly) || type == typeof(TimeOnly)
            || type == typeof(float) || type == typeof(double) || type == typeof(byte) || type == typeof(sbyte) || type == typeof(short)
            || type == typeof(ushort) || type == typeof(int) || type == typeof(uint) || type == typeof(long) || type == typeof(ulong);

    private static async Task<int> Texts(ParquetRowGroupReader group, DataField field, Memory<string?> to)
    {
        await group.ReadAsync(field, to).ConfigureAwait(false);
        return 0;
    }

    private static Task<int> Numbers(ParquetRowGroupReader group, DataField field, Memory<double> to)
    {
        var type = field.ClrType;
        return type == typeof(double) ? Read<double>(group, field, to, v => v)
            : type == typeof(float) ? Read<float>(group, field, to, v => v)
            : type == typeof(int) ? Read<int>(group, field, to, v => v)
            : type == typeof(long) ? Read<long>(group, field, to, v => v)
            : type == typeof(bool) ? Read<bool>(group, field, to, v => v ? 1 : 0)
            : type == typeof(byte) ? Read<byte>(group, field, to, v => v)
            : type == typeof(sbyte) ? Read<sbyte>(group, field, to, v => v)
            : type == typeof(short) ? Read<short>(group, field, to, v => v)
            : type == typeof(ushort) ? Read<ushort>(group, field, to, v => v)
            : type == typeof(uint) ? Read<uint>(group, field, to, v => v)
            : type == typeof(ulong) ? Read<ulong>(group, field, to, v => v)
            : type == typeof(decimal) ? Read<decimal>(group, field, to, v => (double)v)
            : type == typeof(TimeSpan) ? Read<TimeSpan>(group, field, to, v => v.TotalSeconds)
            : type == typeof(TimeOnly) ? Read<TimeOnly>(group, field, to, v => v.ToTimeSpan().TotalSeconds)
            : type == typeof(DateOnly) ? Read<DateOnly>(group, field, to, v => Seconds(v.ToDateTime(default)))
            : Read<DateTime>(group, field, to, Seconds);
    }

    private static double Seconds(DateTime time) => (double)(time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    private static async Task<int> Read<T>(ParquetRowGroupReader group, DataField field, Memory<double> to, Func<T, double> convert)
        where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[to.Length];
            await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            for (int i = 0; i < values.Length; i++) to.Span[i] = values[i] is { } value ? convert(value) : double.NaN;
        }
        else
        {
            var values = new T[to.Length];
            await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            for (int i = 0; i < values.Length; i++) to.Span[i] = convert(values[i]);
        }
        return 0;
    }

    private T Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not DataFormatException)
        {
            throw Wrong($"the file cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private DataFormatException Wrong(string what, Exception? inner = null) => DataFormatException.AtByte(path, 0, what, inner);
}
