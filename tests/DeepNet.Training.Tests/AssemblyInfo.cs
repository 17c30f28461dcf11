// The default generator is one for the whole process, and these tests compare runs to the bit.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
