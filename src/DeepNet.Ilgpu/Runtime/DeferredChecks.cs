namespace DeepNet.Ilgpu;

/// <summary>
/// What was asked of the device and will turn out later: checks of indices, and whether a norm was finite. Each has a slot in device
/// memory, where a kernel leaves a position (−1: nothing is wrong) and a value; whoever next waits for the device has them looked at, in
/// order.
/// </summary>
internal sealed unsafe class DeferredChecks(IlgpuDevice device)
{
    /// <summary>Checks that may be open; one more waits for the device.</summary>
    private const int Room = 512;

    private readonly IndexCheck?[] checks = new IndexCheck?[Room];   // none: a norm
    private Tensor? slots;
    private int open;

    /// <summary>True if there is something to look at.</summary>
    public bool HasOpen => Volatile.Read(ref open) > 0;

    /// <summary>The next slot, for a check that is about to be asked of the device. Its two numbers start at twice the slot.</summary>
    public (Tensor Slots, int Slot) Take(in IndexCheck? check)
    {
        if (open == Room) Look();
        lock (checks)
        {
            slots ??= Memory.Keep(Tensor.Allocate(new Shape(Room, 2), DType.Int64, device));
            checks[open] = check;
            return (slots, open++);
        }
    }

    /// <summary>Waits for what is open and throws the first error among it.</summary>
    public void Look()
    {
        if (HasOpen) Look(default, null);
    }

    /// <summary>Brings bytes to the processor, and what is open with them: one wait for both. Throws the first error among it.</summary>
    public void Look(ArrayView<byte> wanted, void* to)
    {
        if (!HasOpen)
        {
            device.Fetch(wanted, to);
            return;
        }
        long* found = stackalloc long[2 * Room];
        lock (checks)
        {
            int n = open;
            open = 0;
            var answers = device.View<long>(slots!).SubView(0, 2 * n).Cast<byte>();
            if (to == null) device.Fetch(answers, found);
            else device.Fetch(wanted, to, answers, found);
            for (int i = 0; i < n; i++)
            {
                if (found[2 * i] < 0) continue;
                var error = Error(checks[i], (nint)found[2 * i], found[2 * i + 1]);
                Array.Clear(checks, 0, n);
                throw error;
            }
            Array.Clear(checks, 0, n);
        }
    }

    // The type and the words are those of the check at once; what is new is when it is told.
    private Exception Error(in IndexCheck? check, nint position, long value)
    {
        string late = $" This is told now that {device.Name} is waited for; Anomaly.Detect() tells it where it happens.";
        if (check is not { } indices)
            return new InvalidOperationException(
                $"[clip] the norm of the gradients is {BitConverter.Int64BitsToDouble(value)}, and the step that was to be clipped by "
                + "it was left out. "
                + "The learning rate may be too large, or the loss takes the logarithm or root of zero." + late);
        return indices.Error(position, value) switch
        {
            IndexOutOfRangeException e => new IndexOutOfRangeException(e.Message + late),
            ArgumentException e => new ArgumentException(e.Message + late),
            var e => new InvalidOperationException(e.Message + late),
        };
    }
}
