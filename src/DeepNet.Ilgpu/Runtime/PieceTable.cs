namespace DeepNet.Ilgpu;

/// <summary>
/// Tables in device memory that tell one launch where the pieces of many tensors lie: a row a piece, of up to five places and a length. An
/// optimizer's tensors stay where they are from step to step, so the last few tables are kept, and a step whose table is among them sends
/// nothing.
/// </summary>
internal sealed unsafe class PieceTable(IlgpuDevice device)
{
    /// <summary>Numbers in a row.</summary>
    public const int Columns = 6;

    private const int Kept = 8, LeastPiece = 1 << 12;
    private const long Everything = 1L << 48;

    private readonly (long[] Rows, Tensor Table)?[] kept = new (long[], Tensor)?[Kept];
    private long[] rows = new long[64 * Columns];
    private int count, next;
    private MemoryBuffer? origin;

    /// <summary>Rows so far.</summary>
    public int Count => count;

    /// <summary>True if all pieces begin where four elements can be moved at once.</summary>
    public bool IsWide { get; private set; }

    /// <summary>Elements of a piece, so many that there are not many more pieces than the device takes at once.</summary>
    public static int PieceFor(long elements, int groups)
    {
        long piece = LeastPiece;
        while (piece * 2 * groups < elements && piece < 1 << 24) piece *= 2;
        return (int)piece;
    }

    /// <summary>Starts a table.</summary>
    public void Begin() => (count, origin) = (0, null);

    /// <summary>Adds the pieces of tensors of one size that are worked on together; those that are not there are the first.</summary>
    public void Add(int piece, Tensor first, Tensor second, Tensor? third = null, Tensor? fourth = null, Tensor? fifth = null)
    {
        long p0 = Place(first), p1 = Place(second), p2 = third is null ? p0 : Place(third), p3 = fourth is null ? p0
            : Place(fourth), p4 = fifth is null ? p0 : Place(fifth);
        long length = first.Count;
        for (long at = 0; at < length; at += piece)
        {
            if ((count + 1) * Columns > rows.Length) Array.Resize(ref rows, 2 * rows.Length);
            var row = rows.AsSpan(count++ * Columns, Columns);
            (row[0], row[1], row[2], row[3], row[4], row[5]) = (p0 + at, p1 + at, p2 + at, p3 + at, p4 + at, Math.Min(piece, length - at));
        }
    }

    // Elements from address 0; where places are counted from is not known yet.
    private long Place(Tensor tensor)
    {
        var buffer = (MemoryBuffer)tensor.Storage.Block.Memory.Handle!;
        if (origin is null || buffer.NativePtr < origin.NativePtr) origin = buffer;
        return tensor.Storage.Address / tensor.DType.Size() + tensor.Offset;
    }

    /// <summary>The table on the device, and a view that its places count in, over all memory from the first tensor's on.</summary>
    public ArrayView<long> OnDevice<T>(out ArrayView<T> all) where T : unmanaged
    {
        all = new ArrayView<T>(origin!, 0, Everything);
        long start = origin!.NativePtr / Unsafe.SizeOf<T>(), low = 0;
        for (int row = 0; row < count; row++)
            foreach (ref long place in rows.AsSpan(row * Columns, Columns - 1)) low |= place -= start;
        IsWide = (low & 3) == 0;
        var wanted = rows.AsSpan(0, count * Columns);
        foreach (var one in kept)
            if (one is var (known, at) && wanted.SequenceEqual(known)) return device.View<long>(at);
        var table = Memory.Keep(Tensor.Allocate(new Shape(wanted.Length), DType.Int64, device));
        fixed (long* p = wanted) table.Upload(p);
        kept[next]?.Table.Storage.Release();             // what still reads it was queued before whatever gets its memory
        kept[next] = (wanted.ToArray(), table);
        next = (next + 1) % Kept;
        return device.View<long>(table);
    }
}
