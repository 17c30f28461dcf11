// Programs of pages write to the console and to the current folder, which are one for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
