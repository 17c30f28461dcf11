using System.Runtime.CompilerServices;
using DeepNet;

// DeepNet.FullHeap: makes tensors of several sizes until memory is out, drops them, and makes others; 0 if all of those can be had.
long made = 0;
for (int size = 16; size <= 4096; size *= 4) made += Exhaust(size);
Memory.Reclaim();
for (int i = 0; i < 200; i++) Tensor.Zeros(1000 + 50 * i).Dispose();
Memory.Reclaim();
Memory.Trim();
Console.WriteLine($"{made} tensors, {Memory.LiveBytes} bytes live, {Memory.ReservedBytes} reserved");

// In a method of its own, so that nothing refers to the tensors any more.
[MethodImpl(MethodImplOptions.NoInlining)]
static long Exhaust(int size)
{
    var kept = new Tensor[1 << 20];
    int count = 0;
    try
    {
        while (count < kept.Length) kept[count++] = Tensor.Zeros(size);
    }
    catch (OutOfMemoryException)
    {
        return count;
    }
    throw new InvalidOperationException($"{count} tensors fit: the process needs a limit, DOTNET_GCHeapHardLimit.");
}
