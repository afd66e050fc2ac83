/** Users as the payloads name them. */
export const USER_IDS = ['user-17', 'user-23', 'user-42', 'user-58', 'user-61'] as const;
